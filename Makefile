# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BIND ?= 127.0.0.1:8000
export OPENBLAS_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo links run test browser postgresql test-postgresql check lint types layers screenshots bench bench-peers calibrate clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

$(BIN)/.ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	$(BIN)/python -m pip install -q --no-deps -e .
	@touch $@

$(BIN)/.ready-dev: $(BIN)/.ready requirements-dev.txt
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	@touch $@

$(BIN)/.ready-browser: $(BIN)/.ready-dev requirements-browser.txt
	$(BIN)/python -m pip install -q -r requirements-browser.txt
	@touch $@

$(BIN)/.ready-postgresql: $(BIN)/.ready requirements-postgresql.txt
	$(BIN)/python -m pip install -q -r requirements-postgresql.txt
	@touch $@

demo: $(BIN)/.ready ## Start the exchange on the demonstration register, with a ready account for each role
	$(BIN)/python -m tashbik.web.catalogues
	$(BIN)/tashbik exchange serve --demo --data demo-data --bind $(BIND)

links: $(BIN)/.ready ## Match the demonstration's needs on the command line and print the explained links
	$(BIN)/tashbik demo

run: $(BIN)/.ready ## Start the exchange on one's own data (docs/running.md says which settings)
	$(BIN)/python -m tashbik.web.catalogues
	$(BIN)/tashbik exchange serve --bind $(BIND)

test: $(BIN)/.ready-dev ## Run all tests (those of the browser and of PostgreSQL where these are installed)
	$(BIN)/python -m tashbik.web.catalogues
	$(BIN)/python -m pytest

browser: $(BIN)/.ready-browser ## Install what the browser tests need besides the system's Chromium

postgresql: $(BIN)/.ready-postgresql ## Install the driver of PostgreSQL

test-postgresql: $(BIN)/.ready-dev $(BIN)/.ready-postgresql ## Run the exchange's tests on PostgreSQL (DATABASE_URL names it)
	$(BIN)/python -m tashbik.web.catalogues
	$(BIN)/python -m pytest tests/exchange tests/web

check: lint types layers test ## Everything that CI checks

lint: $(BIN)/.ready-dev ## Style of the code, rules of the vocabulary, completeness of the translations
	$(BIN)/ruff check .
	$(BIN)/python -m tashbik.nomenclature.check
	$(BIN)/python -m tashbik.web.catalogues check

types: $(BIN)/.ready-dev ## Types, strictly
	$(BIN)/mypy

layers: $(BIN)/.ready-dev ## Who may import whom
	$(BIN)/lint-imports

screenshots: $(BIN)/.ready-browser ## Take the pictures of docs/screenshots anew
	$(BIN)/python -m tashbik.web.catalogues
	$(BIN)/python -m tests.browser.screenshots

bench-peers: $(BIN)/.ready-dev requirements-bench.txt ## Install the peers that the benchmark compares with
	$(BIN)/python -m pip install -q -r requirements-bench.txt

bench: bench-peers ## Measure quality and speed beside the peers (BENCH=--million for 10⁶ too); writes docs/benchmarks.md
	$(BIN)/python -m benchmarks.run $(BENCH)
	$(BIN)/python -m benchmarks.crosslingual

calibrate: $(BIN)/.ready ## Learn the weights of retrieval anew from the vocabulary
	$(BIN)/python -m tashbik.linkage.calibrate --write

clean: ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
