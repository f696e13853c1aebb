# Needs Python 3.11 or newer, git, make and a package index. `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv/bin/python
UV ?= uv

.PHONY: help
help:
	@echo "make demo          the whole line on this machine, with phones in your browser"
	@echo "make reset         throw the demo's data away"
	@echo "make setup         install what the others need into .venv, start nothing"
	@echo "make test          every check and every test"
	@echo "make run           one machine in production shape (settings in .env)"
	@echo "make bench         the benchmarks, beside their floors"
	@echo "make audit         ask after known faults of what the hotline runs on"
	@echo "make faults        break the line at random, count what was lost (half an hour)"
	@echo "make requirements  pin the dependencies anew (needs uv)"

.PHONY: setup
setup:
	@$(PYTHON) launcher/venv.py

.PHONY: setup-dev
setup-dev:
	@$(PYTHON) launcher/venv.py --dev

.PHONY: demo
demo: setup
	@exec $(VENV) -m launcher --with-parent demo

.PHONY: reset
reset: setup
	@$(VENV) -m launcher reset

.PHONY: run
run: setup
	@exec $(VENV) -m launcher --with-parent run $(OPTIONS)

.PHONY: bench
bench: setup-dev
	@$(VENV) -m benchmarks $(OPTIONS)

.PHONY: faults
faults: setup-dev
	@$(VENV) -m benchmarks.faults $(OPTIONS)

.PHONY: test
test: setup-dev
	@$(VENV) tests/chromium.py
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check --quiet .
	$(VENV) -m mypy --no-error-summary
	.venv/bin/lint-imports --no-logo
	$(VENV) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(OPTIONS)

.PHONY: audit
audit: setup
	@$(VENV) tests/dependencies.py $(OPTIONS)

# No index address is written down: everybody has their own.
COMPILE := pip compile --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --quiet

.PHONY: requirements
requirements:
	$(UV) $(COMPILE) pyproject.toml -o requirements.txt
	$(UV) $(COMPILE) pyproject.toml --extra dev -o requirements-dev.txt
	echo uv | $(UV) $(COMPILE) - -o requirements-uv.txt
	echo pip-audit | $(UV) $(COMPILE) - -o requirements-audit.txt
