# Everything a person does here; `make` alone lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
READY := .venv/.ready
NIGHT ?=
FULL ?=
ROWS ?=
ORDERS ?=
DAYS ?=
SECRETS := POSTGRES_PASSWORD REDIS_PASSWORD AIRFLOW_ADMIN_PASSWORD AIRFLOW_SECRET AIRFLOW_FERNET_KEY
-include .env
export

.DEFAULT_GOAL := help
.PHONY: help night airflow test lint format secrets soak soak-compose bench-load bench-night bench-gate picture

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.txt
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

night: $(READY) ## run the night that comes next (NIGHT=2026-09-30 or 30 picks one, FULL=1 rebuilds all)
	@.venv/bin/followthrough night $(NIGHT) $(if $(FULL),--full)

secrets: ## give .env a random value for each secret of docker compose that has none
	@[ -e .env ] || install -m 600 .env.example .env
	@chmod 600 .env
	@for name in $(SECRETS); do \
		grep -q "^$$name=." .env && continue; \
		value=$$(head -c 32 /dev/urandom | base64 | tr '+/' '-_'); \
		if grep -q "^$$name=" .env; then sed -i "s|^$$name=.*|$$name=$$value|" .env; \
		else echo "$$name=$$value" >> .env; fi; \
	done

airflow: $(READY) ## serve Airflow on 127.0.0.1 (PORT=8080), with the DAGs and their schedule
	@.venv/bin/followthrough airflow --port $(or $(PORT),8080)

test: $(READY) ## run the tests
	.venv/bin/python -m pytest -m "not soak" -n auto --dist loadfile --ignore tests/e2e
	.venv/bin/python -m pytest -m "not soak" -n auto --dist loadfile tests/e2e

soak: $(READY) ## run what is too slow for every change; the result belongs in docs/soak.md
	.venv/bin/python -m pytest -m soak

soak-compose: $(READY) ## boot docker-compose.yml for real, kill its services, as root on Debian 12
	tests/compose/with-engine.sh .venv/bin/python -m pytest -m soak tests/compose

bench-load: $(READY) ## measure the load beside DuckDB, pandas and dlt; the result belongs in docs/performance.md
	.venv/bin/python -m benchmarks.bench_load $(ROWS)

bench-night: $(READY) ## measure a large shop's nights by step (ORDERS=600000 DAYS=1); the result belongs in docs/performance.md
	.venv/bin/python -m benchmarks.bench_night $(ORDERS) $(DAYS)

bench-gate: $(READY) ## measure gate 1 on 120 loads with nothing wrong; the result belongs in docs/performance.md
	.venv/bin/python -m benchmarks.bench_gate

picture: $(READY) ## draw docs/images/daily.png from the newest daily page of the data home (needs Chromium)
	.venv/bin/python docs/images/daily.py

lint: export FOLLOWTHROUGH_CANDIDATE = $(CURDIR)/.lint
lint: $(READY) ## check the style of Python, SQL and the dbt project, types, and that two engines read the SQL
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --processes 0 dbt_project/models dbt_project/tests
	@mkdir -p .lint && rm -rf .lint/compiled
	.venv/bin/dbt --quiet --no-send-anonymous-usage-stats compile --project-dir dbt_project --profiles-dir dbt_project \
		--target-path $(CURDIR)/.lint --log-path $(CURDIR)/.lint --select resource_type:model --indirect-selection empty
	.venv/bin/dbt-bouncer run
	.venv/bin/python -m lint.dialects .lint/compiled

format: $(READY) ## mend what can be mended by itself
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/sqlfluff fix --processes 0 dbt_project/models dbt_project/tests
