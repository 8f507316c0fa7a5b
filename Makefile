# Two commands do everything: `make site` and `make test`. Both set up what they need first.
# The Python is found by .ci/venv; name another one with `PYTHON=python3.12 make site`.

VENV := .venv
BIN := $(VENV)/bin
SETUP := VENV=$(VENV) sh .ci/venv
# A stamp per Python asked for, so that asking for another one sets up again.
SITE_READY := $(VENV)/.ready-site-$(notdir $(PYTHON))
TEST_READY := $(VENV)/.ready-test-$(notdir $(PYTHON))
# Files of tests go to two processes, in their order: the slow ones, of whole sites, come first.
TOGETHER := -n 2 --dist loadfile --no-loadscope-reorder
# Material prints a notice about another program's future; it is not about this archive.
export NO_MKDOCS_2_WARNING := 1

.PHONY: help site serve test lint golden same lock browser clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

site: $(SITE_READY) ## set up, and build the archive into site/
	$(BIN)/python -m build_tools build

serve: $(SITE_READY) ## set up, and preview on http://127.0.0.1:8000/, rebuilding at each change
	$(BIN)/python -m build_tools serve

test: $(TEST_READY) browser ## set up, a browser included, and run all tests
	$(BIN)/python -m pytest $(TOGETHER)

lint: $(TEST_READY) ## check style, format and types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy --strict build_tools

golden: $(TEST_READY) ## write tests/golden anew from the five clippings; read the diff before you commit it
	$(BIN)/python -m pytest tests/site/test_golden.py --refresh-golden

same: $(SITE_READY) ## build twice under different settings, and compare all bytes of the two sites
	$(BIN)/python tests/same.py

lock: $(SITE_READY) ## write .ci/requirements/ anew: fixed versions with their digests (UPGRADE=--upgrade: the newest)
	VENV=$(VENV) sh .ci/lock $(UPGRADE)

browser: $(TEST_READY) # find a Chromium for the tests, or install one
	@VENV=$(VENV) sh .ci/browser

clean: ## remove everything that was built or set up
	rm -rf $(VENV) build site dist .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(SITE_READY): pyproject.toml .ci/requirements/site.txt
	@$(SETUP) .
	@touch $@

$(TEST_READY): pyproject.toml .ci/requirements/dev.txt
	@$(SETUP) '.[dev]'
	@touch $@ $(SITE_READY)
