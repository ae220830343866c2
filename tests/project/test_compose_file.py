"""What docker-compose.yml, Dockerfile and .env.example promise; `make soak-compose` boots them for real."""

import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from followthrough.paths import PROJECT

COMPOSE = (PROJECT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (PROJECT / "Dockerfile").read_text("utf-8")
EXAMPLE = (PROJECT / ".env.example").read_text("utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
AIRFLOW = {name: service for name, service in SERVICES.items() if "build" in service}
LASTING = sorted(SERVICES.keys() - {"init"})
REQUIRED = {
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "AIRFLOW_ADMIN_PASSWORD",
    "AIRFLOW_SECRET",
    "AIRFLOW_FERNET_KEY",
}


def test_it_is_airflow_on_postgres_with_celery_as_a_profile() -> None:
    usual = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert usual == {"postgres", "init", "api-server", "scheduler", "dag-processor", "triggerer"}
    profiled = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert profiled == {"redis": ["CeleryExecutor"], "worker": ["CeleryExecutor"]}
    assert {s["environment"]["AIRFLOW__CORE__EXECUTOR"] for s in AIRFLOW.values()} == {
        "${COMPOSE_PROFILES:-LocalExecutor}"
    }


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_locked_up(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert all(mount.startswith(("/tmp:", "/run/postgresql:")) for mount in service["tmpfs"])
    assert name in AIRFLOW or service["user"] == name


def test_the_image_s_user_is_not_root_and_owns_no_code() -> None:
    instructions = re.findall(r"^([A-Z]+) (.*)", DOCKERFILE, re.M)
    assert instructions[-1] == ("USER", "10001:10001")
    assert not [arguments for name, arguments in instructions if name == "COPY" and "--chown" in arguments]
    assert not [name for name, service in AIRFLOW.items() if "user" in service]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_has_limits(name: str) -> None:
    assert {"mem_limit", "cpus", "pids_limit"} <= SERVICES[name].keys()
    assert SERVICES[name]["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", LASTING)
def test_whatever_stays_up_has_the_one_restart_policy_and_a_health_check(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"]
    assert COMPOSE.count("restart:") == 2, "the policy, and that init runs once"


def test_they_start_one_after_the_other() -> None:
    order = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    healthy, done = {"condition": "service_healthy"}, {"condition": "service_completed_successfully"}
    assert order == {
        "postgres": {},
        "redis": {},
        "init": {"postgres": healthy},
        "api-server": {"init": done},
        "scheduler": {"api-server": healthy},
        "dag-processor": {"api-server": healthy},
        "triggerer": {"api-server": healthy},
        "worker": {"api-server": healthy, "redis": healthy},
    }


def test_the_only_port_is_one_of_the_loopback_address() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"api-server": ["127.0.0.1:${AIRFLOW_PORT:-8080}:8080"]}
    assert not [name for name, service in SERVICES.items() if "network_mode" in service]


def test_data_lies_in_named_volumes() -> None:
    volumes = yaml.safe_load(COMPOSE)["volumes"].keys()
    mounted = {
        mount: re.sub(r"\$\{\w+:-([\w./]+)\}", r"\1", mount).split(":")
        for service in SERVICES.values()
        for mount in service["volumes"]
    }
    assert {source for source, *_ in mounted.values()} == volumes | {"./sources.toml"}
    assert all(rest[-1] == "ro" for source, *rest in mounted.values() if source not in volumes)


def test_every_secret_is_required() -> None:
    asked_for = set(re.findall(r"\$\{(\w+):\?", COMPOSE))
    assert asked_for == REQUIRED
    assert not re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEY)\w*)(?!:\?)[:}]", COMPOSE)
    assert re.findall(r"^(\w*(?:PASSWORD|SECRET|FERNET_KEY))=(.*)$", EXAMPLE, re.M) == [
        (name, "") for name in re.findall(r"^(\w+)=", EXAMPLE, re.M) if name in REQUIRED
    ]


def test_every_variable_is_explained_with_its_default() -> None:
    defaults = {n: d for n, d in re.findall(r"\$\{(\w+):-([^}]*)\}", COMPOSE) if n != "FOLLOWTHROUGH_SOURCES"}
    explained = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE, re.M))
    assert explained.keys() == defaults.keys()
    same = {n for n in defaults if n.startswith(("NIGHT", "AIRFLOW")) or n.endswith("_IMAGE")}
    assert {n: explained[n] for n in same} == {n: defaults[n] for n in same}


def test_base_image_and_mirrors_are_build_arguments() -> None:
    arguments = set(re.findall(r"^ARG (\w+)", DOCKERFILE, re.M))
    assert arguments == {"BASE_IMAGE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT"}
    for service in AIRFLOW.values():
        assert service["build"]["args"].keys() == arguments
        default = re.search(r"^ARG BASE_IMAGE=(.*)$", DOCKERFILE, re.M)
        assert default
        assert service["build"]["args"]["BASE_IMAGE"] == f"${{BASE_IMAGE:-{default[1]}}}"
    assert "--require-hashes" in DOCKERFILE


def test_the_image_gets_what_the_night_reads_and_nothing_else() -> None:
    kept = set(re.findall(r"^!(.*)$", (PROJECT / ".dockerignore").read_text("utf-8"), re.M))
    copied = {
        source for sources in re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.M) for source in sources.split()
    }
    assert copied == kept
    assert all((PROJECT / name).exists() for name in kept)


def test_airflow_s_celery_worker_runs_on_the_locked_celery(tmp_path: Path) -> None:
    app = "from airflow.providers.celery.executors.celery_executor import app"
    environment = {"AIRFLOW_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-W", "ignore", "-c", app], check=True, env=environment)


def test_make_secrets_fills_only_what_is_empty(tmp_path: Path) -> None:
    for name in ("Makefile", ".env.example"):
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=mine\nFOLLOWTHROUGH_HMAC_KEY=\nREDIS_PASSWORD=\n")
    _make_secrets(tmp_path)
    values = dict(re.findall(r"^(\w+)=(.*)$", (tmp_path / ".env").read_text(), re.M))
    assert values.pop("POSTGRES_PASSWORD") == "mine"
    assert values.pop("FOLLOWTHROUGH_HMAC_KEY") == "", "the home makes its own"
    assert values.keys() == REQUIRED - {"POSTGRES_PASSWORD"}
    assert len(set(values.values())) == len(values)
    assert all(re.fullmatch(r"[\w-]{43}=", value) for value in values.values())


def test_make_secrets_starts_from_the_example_readable_by_its_owner_only(tmp_path: Path) -> None:
    for name in ("Makefile", ".env.example"):
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    _make_secrets(tmp_path)
    file = tmp_path / ".env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [line.split("=")[0] for line in file.read_text().splitlines()] == [
        line.split("=")[0] for line in EXAMPLE.splitlines()
    ]


def _make_secrets(folder: Path) -> None:
    subprocess.run(["make", "secrets"], cwd=folder, check=True, capture_output=True)
