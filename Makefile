# Everything here needs Python 3.11 to 3.14, git and make, and nothing else.
# The first target that runs makes .venv from the hashed lock files.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
# Whole branch coverage where money and law are reckoned; nearly whole elsewhere.
EXACT := src/coopledger/domain/*,src/coopledger/law/*,src/coopledger/rules/*
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: demo serve test lint bench format update-goldens lock clean help

demo: $(VENV)/project ## Check the demonstration federation and show what coopledger does with it
	$(BIN)/coopledger demo

serve: $(VENV)/project ## Open the demonstration federation in Fava
	$(BIN)/coopledger serve

test: $(VENV)/dev $(VENV)/project ## Run the tests, then hold coverage to its bounds
	$(BIN)/pytest -n 2 --cov --cov-report=
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --include='$(EXACT)' --fail-under=100

lint: $(VENV)/dev $(VENV)/project ## Check style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/project ## Measure loading and checking on large books, and closing for 70,000 members
	$(BIN)/python benchmarks/run.py

format: $(VENV)/dev ## Lay out the code and mend what can be mended by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

update-goldens: $(VENV)/dev $(VENV)/project ## Rewrite the expected files of the golden tests; read the diff
	$(BIN)/pytest --update-goldens

lock: ## Lock pyproject.toml's packages anew (LOCK_FLAGS=--upgrade moves them all)
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip -qq install uv==$(UV_VERSION)
	build/lock/bin/uv pip compile $(LOCK_OPTIONS) --group build \
	  --output-file requirements.lock pyproject.toml
	build/lock/bin/uv pip compile $(LOCK_OPTIONS) --group build --group dev \
	  --constraints requirements.lock --output-file requirements-dev.lock pyproject.toml
LOCK_OPTIONS = --quiet --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
  --custom-compile-command 'make lock' $(LOCK_FLAGS)

clean: ## Remove the environment, caches and everything that commands write
	rm -rf $(VENV) build dist demo-output htmlcov src/*.egg-info
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -f .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name '*.picklecache' -type f -delete

help: ## Show these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

# Stamp files: each stands for one finished step of making the environment.

$(VENV)/locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' \
	  2>/dev/null || { echo "coopledger needs Python 3.11 to 3.14, and" \
	  "$(PYTHON) is not one ($$($(PYTHON) --version 2>&1 | head -n 1))." \
	  "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version); this happens once."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/project: $(VENV)/locked pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/locked requirements-dev.lock
	@echo "Adding what tests and lint need to $(VENV)."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
