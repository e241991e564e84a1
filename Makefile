# Every chore is one command. `make demo` and `make test` set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
BUILD ?= build

.DEFAULT_GOAL := help
.PHONY: help setup demo pictures test format lint types layers unit chromium audit bench bench-alerts bench-truth evaluate model lock messages clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.installed  ## make the environment in .venv/

# The stamp is written last: an interrupted set-up starts again.
$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Setting up $(VENV) (once; the transformer needs some hundred megabytes)…"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]" 2>$(VENV)/install.log \
		|| { cat $(VENV)/install.log; exit 1; }
	@touch $@

demo: setup  ## a made-up brand, twelve weeks through the whole pipeline: report and digest
	@$(BIN)/promisewatch demo demo-out

pictures: demo chromium  ## renew the pictures of README from the demo
	@$(BIN)/python -m tests.browser.pictures demo-out

test: setup lint types layers unit  ## format, lint, types, layers and tests

format: setup  ## format the code
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

lint: setup
	@$(BIN)/ruff format --quiet --check . || { echo "not formatted; run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .

types: setup
	@$(BIN)/mypy --no-error-summary

layers: setup
	@$(BIN)/lint-imports --no-cache >$(VENV)/layers.log || { cat $(VENV)/layers.log; exit 1; }

unit: setup chromium
	@$(BIN)/pytest

# The tests in a browser are skipped, with the reason, where there is none.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Debian's chromium, once, for the tests in a browser…" && \
		{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium; } >$(VENV)/chromium.log 2>&1; \
	} || echo "Going on without a browser: its tests are skipped. To have them: sudo apt-get install chromium"

audit: setup  ## ask the advisory database about every pinned dependency, where it can be asked
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[audit]"
	@$(BIN)/python .ci/audit.py constraints.txt

bench-alerts: setup  ## measure how good the alerts are; writes docs/alert-quality.md
	@$(BIN)/python -m benchmarks.alerts

bench-truth: setup  ## hold the reports' intervals against planted truth; writes docs/report-quality.md
	@$(BIN)/python -m benchmarks.truth

bench: setup  ## measure speed and memory; writes docs/benchmarks.md
	@$(BIN)/python -m benchmarks.run

model: setup  ## train the bundled model from the public sets in DATA=… (nine hours on two slow cores)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[training]"
	@$(BIN)/python -m models.training.build --data $(DATA) --work $(BUILD)/model

evaluate: setup  ## score the bundled model on the development sets in DATA=…; writes docs/model-quality.md and model-errors.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[training]"
	@$(BIN)/python -m benchmarks.model_quality --data $(DATA) --work $(BUILD)/model

lock: setup  ## write constraints.txt anew from what is installed
	@{ echo "# Written by make lock: the versions that are tested together."; echo "torch==2.13.0"; \
		$(BIN)/python -m pip freeze --exclude-editable --exclude torch; } > $(VENV)/constraints && mv $(VENV)/constraints constraints.txt

messages: setup  ## bring the translations of the reports up to date and compile them; names what is missing
	@$(BIN)/python .ci/messages.py

clean:  ## remove what was built
	@rm -rf $(VENV) $(BUILD) demo-out .mypy_cache .ruff_cache .pytest_cache .hypothesis
