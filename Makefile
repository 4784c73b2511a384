# Each target works as the first command in a fresh clone: what it needs is set up before it.
# The first Python that really runs and is of a version that works (a shim on the PATH need not do either).
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))
PYTHON ?= $(shell for python in python3 python3.12 python3.11 python; do \
	$$python -c '$(FITS)' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
READY := .venv/.ready
LOCK := requirements-lock.txt
PICTURES := $(CURDIR)/demo_output/pictures

export FIFTYONE_DO_NOT_TRACK ?= true

.DEFAULT_GOAL := help
.PHONY: help setup demo app test screenshots lint bench lock clean

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

setup: $(READY) ## Make .venv with everything in it

$(READY): $(LOCK) pyproject.toml
	@$(or $(PYTHON),false) -c '$(FITS)' || \
		{ echo "Python 3.11 or 3.12 is needed; name it as make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@echo "Setting up .venv (some GB, a minute or more) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --requirement $(LOCK)
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@

demo: $(READY) ## Summarize three drawn videos, or your own: make demo VIDEO=path QUERY="..." ENCODER=...
	@$(BIN)/python examples/demo.py $(if $(VIDEO),--video "$(VIDEO)") $(if $(QUERY),--query "$(QUERY)") \
		$(if $(ENCODER),--encoder "$(ENCODER)")

app: $(READY) ## Open the FiftyOne App on what the demo made
	@$(BIN)/python examples/app.py

test: $(READY) ## Run all tests and checks
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --ignore=tests/app
	@# In a process of their own: Playwright's event loop runs in it until the last of them.
	@$(BIN)/python -m pytest tests/app

screenshots: $(READY) ## Take the pictures of the App in docs/images anew (needs chromium)
	@CLIPIT_REQUIRE_BROWSER=1 CLIPIT_SCREENSHOTS=$(PICTURES) $(BIN)/python -m pytest -q tests/app
	@for name in overview question_in_modal compare form; do cp $(PICTURES)/$$name.png docs/images/app-$$name.png; done

lint: $(READY) ## Check style, types and the directions of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy fiftyone_clipit
	@PATH=$(CURDIR)/$(BIN):$$PATH lint-imports --no-cache

bench: $(READY) ## Measure speed as ratios; results go to benchmarks/results
	@$(BIN)/python -m benchmarks

lock: $(READY) ## Write the lock anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra otio --no-header \
		--no-emit-index-url --no-annotate --upgrade pyproject.toml --output-file $(LOCK)

clean: ## Delete what was made here, but the .venv
	@rm -rf demo_output .fiftyone .pytest_cache .ruff_cache .mypy_cache .hypothesis
