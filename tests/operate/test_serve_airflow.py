"""A served Airflow is for this machine and whoever owns the home."""

import json

from followthrough.operate.serve_airflow import password_file, served_environment


def test_everything_listens_on_this_machine_alone(settings):
    names = served_environment(settings, 18080)
    assert names["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert names["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:18080"
    assert names["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:18080/execution/"


def test_the_password_is_made_once_and_readable_by_its_owner_alone(settings, home):
    file = password_file(settings)
    (password,) = json.loads(file.read_text()).values()
    assert len(password) >= 24
    assert file.stat().st_mode & 0o777 == 0o600
    assert home.airflow.stat().st_mode & 0o777 == 0o700
    file.chmod(0o644)
    assert password_file(settings).stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text()) == {"admin": password}


def test_another_home_has_another_password(settings, tmp_path):
    from dataclasses import replace

    from followthrough.paths import Home

    other = replace(settings, home=Home(tmp_path / "other").create())
    assert password_file(settings).read_text() != password_file(other).read_text()
