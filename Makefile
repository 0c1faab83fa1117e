# Sportello. `make up` starts it, `make test` checks it; both install what is missing first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
APP := .venv/bin/python
RASA := .venv-rasa/bin/python
export PYTHONUNBUFFERED := 1

.PHONY: help up test check install install-dev train nlu-parse nlu-evaluate nlu-export nlu-check benchmark campaign migrate seed translation-packages audit-verify backup restore rotate-keys audit-dependencies pictures docs lock clean hsds-export hsds-import hsds-validate

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## install both Python environments from their locks, where they are missing
	@deploy/install.sh app rasa

install-dev: ## install what the tests need too: tools, PostgreSQL, nginx, Redis, browser
	@deploy/install.sh dev rasa browser servers

up: install ## start everything: database, demo data, model, four processes; Ctrl-C stops it
	@exec $(APP) -m deploy.up

test: install-dev ## run every check: lint, types, imports, catalogues, all tests
	@exec $(APP) -m deploy.check

check: install-dev ## lint, types, import rules, catalogues: what takes seconds
	@exec $(APP) -m deploy.check --fast

train: install ## train the model where its data changed
	@$(RASA) -m nlu.train

nlu-parse: ## read JSON lines {"text", "language"} and write what the assistant understands
	@deploy/install.sh rasa >&2
	@$(RASA) -m nlu.train >&2
	@$(RASA) -m nlu.parse

nlu-evaluate: ## measure the understanding on DATA=path, by language and style
	@deploy/install.sh rasa >&2
	@$(RASA) -m nlu.train >&2
	@$(RASA) -m nlu.evaluate "$(DATA)"

nlu-export: ## write the labelled messages of the review queue as Rasa training data
	@deploy/install.sh app >&2
	@$(APP) -m backoffice.review.export

nlu-check: ## check the training data: counts, duplicates, scripts, near copies of measured lines
	@deploy/install.sh rasa >&2
	@$(RASA) -m nlu.data_check

benchmark: install-dev ## every benchmark beside its peer, as a table: ONLY=b2,b4 some, QUICK=1 a short try; DATA=path for labelled lines, EPOCHS=n, EXAMPLES=n; FILLED="url url" databases with the cases of b7
	@deploy/install.sh rasa-default
	@$(RASA) -m nlu.train
	@exec $(APP) -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick) $(if $(DATA),--lines $(DATA)) $(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(FILLED),--filled $(FILLED))

campaign: install-dev ## kill processes while people talk and hold what happened against the promises: KILLS=n, DATABASE=sqlite|postgres|both, SEED=n; DOUBLED=1 two of each, MINUTES=n
	@$(RASA) -m nlu.train
	@exec $(APP) -m tests.campaign $(if $(KILLS),--kills $(KILLS)) $(if $(DATABASE),--database $(DATABASE)) $(if $(SEED),--seed $(SEED)) $(if $(DOUBLED),--doubled) $(if $(MINUTES),--minutes $(MINUTES))

migrate: install ## bring the database to the newest schema
	@$(APP) -m backoffice.migrations.upgrade

seed: migrate ## load the demo data into an empty database; CASES=n, MESSAGES=n: so many invented ones besides
	@$(APP) -m backoffice.seed $(if $(CASES),--cases $(CASES)) $(if $(MESSAGES),--messages $(MESSAGES))

audit-verify: install ## check that nothing in the audit trail was altered, removed or moved
	@exec $(APP) -m backoffice.audit_verification

backup: install ## write database, attachments and ledgers into one encrypted FILE=path
	@$(if $(FILE),,$(error FILE=path is missing))exec $(APP) -m backoffice.backup make "$(FILE)"

restore: install ## bring back FILE=path into an empty installation that is stopped; REPLACE=1 where it has data
	@$(if $(FILE),,$(error FILE=path is missing))exec $(APP) -m backoffice.backup restore "$(FILE)" $(if $(REPLACE),--replace)

rotate-keys: install ## make new keys of the organisations, all others wrapped anew; SECRET=1 a new secret_key too
	@exec $(APP) -m backoffice.rotation $(if $(SECRET),--secret)

hsds-export: install ## write the services directory into FILE=path as Open Referral HSDS: JSON, or CSV tables where it ends in .zip; LANGUAGE=fr
	@$(if $(FILE),,$(error FILE=path is missing))exec $(APP) -m backoffice.directory.hsds export "$(FILE)" $(if $(LANGUAGE),--language $(LANGUAGE))

hsds-import: install ## check FILE=path of HSDS; WRITE=1 takes it into an empty directory, REPLACE=1 in the place of what is there
	@$(if $(FILE),,$(error FILE=path is missing))exec $(APP) -m backoffice.directory.hsds import "$(FILE)" $(if $(WRITE),--write) $(if $(REPLACE),--write --replace)

hsds-validate: install ## hold the directory against the schemas of HSDS in SCHEMAS=folder (docs/directory.md)
	@$(if $(SCHEMAS),,$(error SCHEMAS=folder is missing))exec $(APP) -m backoffice.directory.hsds validate --schemas "$(SCHEMAS)"

audit-dependencies: install ## look up advisories against both locks; fails too when it could not look (needs the network)
	@deploy/install.sh audit
	@exec $(APP) -m deploy.audit_dependencies

translation-packages: install ## fetch what translates live chat, LANGUAGES="ar uk": to and from Italian
	@$(APP) -m deploy.translation_packages install $(LANGUAGES)

pictures: install-dev ## take the README's pictures from a running demo
	@$(APP) -m tests.pictures

docs: ## build the documents as a site into var/docs, with nothing from other hosts
	@deploy/install.sh docs
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --quiet
	@echo "Written: var/docs/index.html"

lock: ## resolve the lock files again (needs the network)
	@deploy/lock.sh

clean: ## remove what was installed and built; the data folder stays
	rm -rf .venv .venv-rasa .venv-audit .venv-docs .venv-servers .bootstrap .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
