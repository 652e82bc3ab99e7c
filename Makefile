# Everything sets itself up: `make run` and `make test` need Python 3.11 or newer and nothing else.
# `make` alone lists what there is.

PYTHON ?= python3
PORT ?= 8000
DATA ?= data
CATALOGUE ?=
SPEED ?= 10
WORKERS ?= auto
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run demo test check format lint types levels docs messages patterns fuzz bench bench-detection browser prometheus node lock wheel clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: $(VENV)/.run ## serve the dashboard at http://127.0.0.1:8000 (PORT=, DATA=, CATALOGUE= override)
	STILLUP_PORT=$(PORT) STILLUP_DATA=$(DATA) STILLUP_CATALOGUE=$(CATALOGUE) $(BIN)/python -m app serve

demo: $(VENV)/.run ## show everything at work in a simulated world, without a key or the internet (PORT=, SPEED= override)
	$(BIN)/python -m app demo --port $(PORT) --speed $(SPEED)

test: $(VENV)/.sdks browser prometheus node ## install what the tests need, and run them
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: lint types levels test ## everything that has to be green before a commit

lint: $(VENV)/.dev ## style, by ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## put the code into its format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

types: $(VENV)/.dev ## types, by mypy in strict mode
	$(BIN)/mypy

levels: $(VENV)/.dev ## who may import whom, by import-linter
	$(BIN)/lint-imports

docs: $(VENV)/.dev browser ## write what is generated in docs/: the catalogue's schema and the screenshots
	$(BIN)/stillup catalogue schema > docs/stillup.schema.json
	$(BIN)/python -m tests.web.api_examples
	$(BIN)/python -m tests.web.icons
	$(BIN)/python -m tests.web.screens

messages: $(VENV)/.dev ## bring the catalogues of messages up to date with the source; then translate what is empty
	$(BIN)/python -m tests.messages

patterns: $(VENV)/.dev ## show every part of the pages in every state at http://127.0.0.1:8001
	$(BIN)/python -m tests.web.patterns

fuzz: $(VENV)/.dev ## ask the running API 20,000 questions that nobody would think of, by schemathesis
	$(BIN)/python -m tests.web.fuzz

bench: $(VENV)/.dev ## measure speed and size on loopback, and write docs/benchmarks.md
	$(BIN)/python -m tests.bench

bench-detection: $(VENV)/.dev ## how soon failures are confirmed, against the rules in use elsewhere; writes docs/detection.md
	$(BIN)/python -m tests.bench.detection > docs/detection.md.new && mv docs/detection.md.new docs/detection.md

browser: $(VENV)/.dev ## find a Chromium for the browser tests, or install one
	@sh tests/install-browser.sh $(BIN)/python

prometheus: $(VENV)/.dev ## find a Prometheus for the tests of /metrics, or fetch one
	@sh tests/install-prometheus.sh $(abspath $(VENV))/prometheus

node: $(VENV)/.node ## install what the tests take from npm: clients of others, and Lighthouse

# The lock file names hashes and no addresses; without scripts nothing of it runs while it is installed.
$(VENV)/.node: tests/node/package-lock.json $(VENV)/.dev
	cd tests/node && PATH="$(abspath $(BIN)):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

COMPILE = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --upgrade \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock: ## compile the requirements anew (needs uv)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group build -c requirements-dev.lock -o requirements-build.lock
	$(COMPILE) --group sdks -c requirements-dev.lock -o requirements-sdks.lock

wheel: $(VENV)/.dev ## build the wheel that `pip install` takes, into dist/
	$(BIN)/python -m hatchling build -t wheel

clean: ## remove what the targets made, but not your data
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The environment, made once and brought up to date when a lock file changes; nothing beyond the locks is
# looked for. To run, the project needs no installation; for development it is installed editable.
ifdef UV
$(VENV)/.made:
	$(UV) venv -q --allow-existing --python $(PYTHON) $(VENV)
	@touch $@
INSTALL = VIRTUAL_ENV=$(VENV) $(UV) pip install -q
else
$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check
endif

$(VENV)/.run: requirements.lock $(VENV)/.made
	$(INSTALL) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml $(VENV)/.run
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.sdks: requirements-sdks.lock $(VENV)/.dev
	$(INSTALL) --require-hashes -r requirements-sdks.lock
	@touch $@
