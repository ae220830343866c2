"""Real servers for the mirrors, gone after the tests, and a small published version to bring to them."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from followthrough.publish.mirrors.mirror import update_mirrors
from followthrough.settings.mirrors import Mirror
from tests.builders import mirrored_version
from tests.builders.mirror_servers import (
    Place,
    mariadb_server,
    mysql_query,
    mysql_server,
    postgres_query,
    postgres_server,
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Place]:
    """A PostgreSQL with an account that loads and a role that reads."""
    with postgres_server() as place:
        yield place


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Place]:
    """A MariaDB with an account that loads and an account that reads."""
    with mariadb_server() as place:
        yield place


@pytest.fixture(scope="session")
def mysql() -> Iterator[Place]:
    """A MySQL with the same accounts, where ``with-mysql.sh`` has brought one."""
    with mysql_server() as place:
        yield place


@pytest.fixture
def publish(home) -> Callable[..., str]:
    """Publish a small version of some marts, its orders being ``orders`` times of one fen each."""
    return partial(mirrored_version.publish, home)


@pytest.fixture(params=["postgres", "mariadb", "mysql"])
def server(request):
    """A server, empty, and the way to ask it."""
    place = request.getfixturevalue(request.param)
    if place.conn_type == "postgres":
        postgres_query(place, "DROP SCHEMA IF EXISTS bi CASCADE")
        return place, postgres_query
    for (name,) in mysql_query(place, "SHOW TABLES"):
        mysql_query(place, f"DROP TABLE {name}")
    return place, mysql_query


@pytest.fixture
def bring(home, server):
    """Bring the one mirror to what is published; how many tables it took."""
    place, _ = server

    def bring() -> int:
        brought = update_mirrors(
            home, (Mirror("shop_floor", "bi_db", "bi_reader"),), {"bi_db": place}.__getitem__
        )
        brought.raise_failures()
        return brought.taken["shop_floor"]

    return bring
