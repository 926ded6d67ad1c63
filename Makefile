# Two commands do everything on a fresh machine: `make run` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
VENV := .venv
PORT ?= 8000
PY := $(VENV)/bin/python
CATALOGUES := $(wildcard src/licet/locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)

.DEFAULT_GOAL := help
.PHONY: help run test check lint bench map screens messages tools clean

help: ## List what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(VENV)/.run $(COMPILED) ## Start Licet with the demonstration vendor; prints address and sign-ins (PORT=8001 elsewhere)
	@exec $(PY) -m licet run --port $(PORT)

test: tools lint ## Run every test: on SQLite, on PostgreSQL, in the browser
	@.ci/passes

check: lint ## The fast part: formatting, lint, types, architecture (about a minute)
	@$(PY) -m pytest -q -n auto -p no:cacheprovider tests/rules

lint: $(VENV)/.test $(COMPILED)
	$(VENV)/bin/ruff format --check --quiet .
	$(VENV)/bin/ruff check --quiet .
	$(VENV)/bin/mypy --no-error-summary
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/djlint --quiet --lint src/licet/web/templates
	$(PY) manage.py makemigrations --check --dry-run --verbosity 0

bench: $(VENV)/.test $(COMPILED) ## Measure, and print one table with the ratio to each floor
	@$(PY) -m bench.frame

map: $(VENV)/.test ## Write docs/map.md anew
	@$(PY) -m tools.map

screens: tools $(VENV)/.test $(COMPILED) ## Take the pictures of docs/screens
	@$(PY) -m tools.screens

messages: $(VENV)/.test ## Bring the translation catalogues up to date with the sources, and compile them
	@$(PY) -m tools.messages

tools: $(VENV)/.test ## See that Chromium, PostgreSQL, Pango and Tesseract are here (as root: install what is missing)
	@.ci/tools

clean: ## Remove the environment, the demonstration data and every compiled thing
	rm -rf $(VENV) var dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -f $(COMPILED)

# --- the environment: no build step, a path file points Python at the sources ---------------------

$(VENV)/.made:
	@.ci/venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements/run.txt
	@echo "Installing what Licet needs ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.test: $(VENV)/.made requirements/test.txt
	@echo "Installing what the tests need ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@ $(VENV)/.run

%.mo: %.po | $(VENV)/.run
	@$(VENV)/bin/pybabel --quiet compile -i $< -o $@
