# Everything people and machines run on this repository. The environment is .venv; nothing is installed elsewhere.

BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt
# Written when an installation has finished; what they depend on is the only reason to install again.
PROGRAM := .venv/installed-program
DEVELOPMENT := .venv/installed-development
# How many tests run at the same time, and which ones: make test TESTS=tests/nudges
WORKERS ?= 3
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help install run test check format pictures texts migration bench soak pins clean

help: ## say what can be made here
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

install: $(DEVELOPMENT) ## the program, and what working on it needs, into .venv

run: $(PROGRAM) ## Samlas in a local web chat, with a made-up organisation
	@export SAMLAS_DATABASE_URL="$${SAMLAS_DATABASE_URL:-sqlite+aiosqlite:///local.db}"; exec $(BIN)/samlas serve --local

test: $(DEVELOPMENT) ## all tests, the ones in a browser too
	@tools/chromium.sh
	@tools/node.sh
	$(BIN)/python -m pytest -n $(WORKERS) --junit-xml=test-results/tests.xml $(TESTS)

check: $(DEVELOPMENT) ## format, lint, types, import rules, translations, links, traces
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.texts --check
	$(BIN)/python -m tools.links
	$(BIN)/python -m tools.traces

format: $(DEVELOPMENT) ## put the code in the shape that check asks for
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

pictures: $(DEVELOPMENT) ## the local chat's main screens into docs/pictures, taken on the tests' way through it
	@mkdir -p docs/pictures
	SAMLAS_PICTURES=docs/pictures $(BIN)/python -m pytest -m browser -n $(WORKERS) tests/journeys

texts: $(DEVELOPMENT) ## add texts that have no Swedish yet to the end of bot/locales/sv.po
	$(BIN)/python -m tools.texts

migration: $(DEVELOPMENT) ## a new migration from the tables: make migration MESSAGE="why"
	$(BIN)/python -m tools.migration "$(MESSAGE)"

bench: $(DEVELOPMENT) ## measure how fast Samlas is, in temporary databases, against the least that could do the work
	$(BIN)/python -m benchmarks

soak: $(DEVELOPMENT) ## the long tests with their full numbers
	SAMLAS_SOAK=1 $(BIN)/python -m pytest -m soak --timeout 0 $(TESTS)

pins: ## choose the newest dependencies anew and write constraints.txt
	tools/pins.sh

clean: ## remove the environment and everything made here, databases excepted
	rm -rf .venv build dist test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@tools/environment.sh

$(PROGRAM): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Samlas into .venv ..."
	@$(PIP_INSTALL) --upgrade pip
	@$(PIP_INSTALL) --build-constraint constraints.txt --editable .
	@touch $@

$(DEVELOPMENT): $(PROGRAM)
	@echo "Installing what tests and checks need into .venv ..."
	@$(PIP_INSTALL) --group dev
	@touch $@
