# Everything a newcomer or a robot needs; `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NEEDS := apertium apertium-es-pt
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo test lint format lock setup system clean quality

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup  ## play a sample day of news from feed to digest
	$(BIN)/monitor demo

test: setup test-system  ## run the tests, the import contract and the coverage floors
	scripts/test.sh $(BIN)

lint: setup  ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: $(STAMP) system  ## virtual environment, pinned libraries, Apertium

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "monitor needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.12 …" >&2; exit 1; }
	@scripts/venv.sh $(PYTHON) $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

system:
	@scripts/system.sh $(NEEDS)

test-system:
	@scripts/system.sh $(NEEDS) chromium libatomic1

lock:  ## pin the newest libraries that fit (writes requirements*.lock)
	scripts/lock.sh $(BIN)

clean:  ## remove the virtual environment and caches, never data or config
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
