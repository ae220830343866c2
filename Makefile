# Everything a person does here; `make` alone lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
READY := .venv/.ready
NIGHT ?=
FULL ?=
-include .env
export

.DEFAULT_GOAL := help
.PHONY: help night test lint format soak

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.txt
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

night: $(READY) ## run the night that comes next (NIGHT=2026-09-30 or 30 picks one, FULL=1 rebuilds all)
	@.venv/bin/followthrough night $(NIGHT) $(if $(FULL),--full)

test: $(READY) ## run the tests
	.venv/bin/python -m pytest -m "not soak" -n auto --dist loadfile --ignore tests/e2e
	.venv/bin/python -m pytest -m "not soak" -n auto --dist loadfile tests/e2e

soak: $(READY) ## run what is too slow for every change; the result belongs in docs/soak.md
	.venv/bin/python -m pytest -m soak

lint: $(READY) ## check style and types (SQL is checked by the tests)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

format: $(READY) ## mend what can be mended by itself
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
