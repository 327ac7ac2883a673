# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OPENBLAS_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check lint types layers bench bench-peers calibrate clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(BIN)/.ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	$(BIN)/python -m pip install -q --no-deps -e .
	@touch $@

$(BIN)/.ready-dev: $(BIN)/.ready requirements-dev.txt
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	@touch $@

demo: $(BIN)/.ready ## Load the demonstration register, match its needs and print the explained links
	$(BIN)/tashbik demo

test: $(BIN)/.ready-dev ## Run all tests
	$(BIN)/python -m pytest

check: lint types layers test ## Everything that CI checks

lint: $(BIN)/.ready-dev ## Style of the code and rules of the vocabulary
	$(BIN)/ruff check .
	$(BIN)/python -m tashbik.nomenclature.check

types: $(BIN)/.ready-dev ## Types, strictly
	$(BIN)/mypy

layers: $(BIN)/.ready-dev ## Who may import whom
	$(BIN)/lint-imports

bench-peers: $(BIN)/.ready-dev requirements-bench.txt ## Install the peers that the benchmark compares with
	$(BIN)/python -m pip install -q -r requirements-bench.txt

bench: bench-peers ## Measure quality and speed beside the peers (BENCH=--million for 10⁶ too); writes docs/benchmarks.md
	$(BIN)/python -m benchmarks.run $(BENCH)
	$(BIN)/python -m benchmarks.crosslingual

calibrate: $(BIN)/.ready ## Learn the weights of retrieval anew from the vocabulary
	$(BIN)/python -m tashbik.linkage.calibrate --write

clean: ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
