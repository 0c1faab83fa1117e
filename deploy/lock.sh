#!/usr/bin/env bash
# Resolves the lock files again; they name packages and hashes, never an index.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { .bootstrap/bin/uv pip compile --quiet --no-header --generate-hashes --no-emit-index-url --no-emit-find-links "$@"; }
deploy/install.sh app
compile --python-version 3.8 deploy/uv.in -o deploy/uv.txt
compile --python-version 3.11 deploy/pip-audit.in -o deploy/pip-audit.txt
compile --python-version 3.11 deploy/servers.in -o deploy/servers.txt
compile --python-version 3.11 docs/requirements.in -o docs/requirements.txt
compile --python-version 3.11 pyproject.toml -o requirements.txt
compile --python-version 3.11 --group dev pyproject.toml -o requirements-dev.txt
compile --python-version 3.10 --override nlu/overrides.txt nlu/requirements.in -o nlu/requirements.txt
compile --python-version 3.10 --override benchmarks/rasa_default_overrides.txt benchmarks/rasa_default.in -o benchmarks/rasa_default.txt
(cd benchmarks/nlpjs && npm install --package-lock-only)
