"""A connection is plain values, read when needed, and never shows what is secret."""

from types import SimpleNamespace

import pytest

from followthrough.errors import ConfigError
from followthrough.ingest.connections import Connection, base_url, look_up

CANARY = "canary-5f3e"


def from_airflow(**changes):
    known = {"host": None, "port": None, "login": None, "password": None, "extra_dejson": {}}
    return lambda name: SimpleNamespace(**known | changes)


def test_a_connection_is_read_as_plain_values():
    lookup = from_airflow(host="h", port=22, login="me", password=CANARY, extra_dejson={"host_key": "k"})
    assert look_up(lookup, "shop") == Connection("shop", "h", 22, "me", CANARY, {"host_key": "k"})
    assert look_up(from_airflow(), "shop") == Connection("shop")


def test_what_is_secret_is_not_in_its_repr():
    known = Connection("shop", login="me", password=CANARY, extra={"session": CANARY})
    assert CANARY not in repr(known)
    assert known.secrets == (CANARY, CANARY)


def test_a_connection_nobody_made_is_named_without_what_the_lookup_says():
    def lookup(name):
        raise LookupError(CANARY)

    with pytest.raises(ConfigError, match=r"'shop' cannot be read \(LookupError\)") as told:
        look_up(lookup, "shop")
    assert CANARY not in str(told.value)
    assert "AIRFLOW_CONN_SHOP" in told.value.remedy


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("", None, "https://api.example"),
        ("", 8443, "https://api.example"),
        ("proxy.example", 8443, "https://proxy.example:8443"),
        ("https://proxy.example/", None, "https://proxy.example"),
        ("http://127.0.0.1", 8080, "http://127.0.0.1:8080"),
        ("http://localhost:8080", None, "http://localhost:8080"),
        ("http://[::1]:8080", None, "http://[::1]:8080"),
    ],
)
def test_the_host_of_a_connection_goes_before_the_usual_one(host, port, url):
    assert base_url(Connection("shop", host, port), "https://api.example") == url


@pytest.mark.parametrize("host", ["http://api.example", "ftp://127.0.0.1", "http://10.0.0.1", "http://"])
def test_nothing_is_sent_in_the_clear_to_another_machine(host):
    with pytest.raises(ConfigError, match="connection 'shop' would send its credentials in the clear"):
        base_url(Connection("shop", host), "https://api.example")
