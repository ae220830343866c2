"""An Airflow that needs nothing set up, and the pool every Airflow of ours is given."""

import os
import shutil
import sqlite3
import sys

import pytest

from followthrough.errors import FollowthroughError
from followthrough.operate.airflow_home import DAGS, POOL, environment, prepare


def test_it_lives_in_the_home_and_loads_our_dags_only(settings, home):
    names = environment(settings, home.airflow / "airflow.db")
    assert names["AIRFLOW_HOME"] == str(home.airflow)
    assert names["FOLLOWTHROUGH_HOME"] == str(home.root)
    assert names["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert names["AIRFLOW__CORE__DAGS_FOLDER"] == str(DAGS)
    assert (DAGS / "nightly.py").exists()


def test_preparing_twice_leaves_a_database_with_one_pool_of_one_slot(settings, home):
    database = home.airflow / "airflow.db"
    for _ in range(2):
        prepare({**os.environ, **environment(settings, database), "PYTHONWARNINGS": "ignore"})
    with sqlite3.connect(database) as connection:
        pools = dict(connection.execute("SELECT pool, slots FROM slot_pool").fetchall())
    assert pools[POOL] == 1


def test_a_database_that_cannot_be_made_is_an_error_with_a_remedy(monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(FollowthroughError, match=r"airflow db migrate failed.*delete airflow/"):
        prepare({})
