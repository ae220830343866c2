"""Templates and paths are what their documentation says, and what is secret stays where it is."""

import logging
from dataclasses import replace
from datetime import date, datetime

import pytest

from followthrough.contracts.api import Codes, Interface
from followthrough.errors import ConfigError, FollowthroughError
from followthrough.ingest.connections import Connection
from followthrough.ingest.transports import client as clients
from followthrough.ingest.transports.answers import pull_answers
from followthrough.ingest.transports.client import Client, Refused, Request, fill, found

INTERFACE = Interface("https://api.example", Codes(), 6000, "docs.example")


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{begin} 00:00:00", "2026-09-01 00:00:00"),
        ({"a": "{login}", "b": [1, 2], "c": 3}, {"a": "me", "b": [1, 2], "c": 3}),
        (["{each}"], ["x", "y"]),
        ({"l": [{"a": "{each}", "b": "{login}"}]}, {"l": [{"a": "x", "b": "me"}, {"a": "y", "b": "me"}]}),
        ([], []),
    ],
)
def test_templates_are_filled(template, filled):
    assert fill(template, {"begin": date(2026, 9, 1), "login": "me", "each": ["x", "y"]}) == filled


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$.a", [1]),
        ("$.b.c[*]", ["x", "y"]),
        ("$.d[*].e", [1, 2]),
        ("$.none", []),
        ("$.b.none[*]", []),
        ("$.a.deeper", []),
        ("$.a[*]", []),
        ("$.null", []),
    ],
)
def test_paths_find_what_is_there(path, values):
    document = {"a": 1, "b": {"c": ["x", "y"]}, "d": [{"e": 1}, {"e": 2}, {"f": 3}, 4], "null": None}
    assert found(document, path) == values


def test_an_answer_from_elsewhere_is_not_followed(serve, vendors):
    vendor = vendors.OfficialAccount(date(2026, 9, 11))
    vendor.faults["/x"] = [302, 404]
    connection = serve(vendor)
    known = Connection("oa", connection.host, connection.port, **vendor.account)
    with Client(INTERFACE, known) as client:
        for status in (302, 404):
            with pytest.raises(Refused, match=f"/x answers HTTP {status}"):
                client.ask(Request("GET", "/x"))


def test_an_answer_without_end_is_not_kept(serve, vendors, monkeypatch):
    monkeypatch.setattr(clients, "_MAX_ANSWER_BYTES", 1000)
    vendor = vendors.OfficialAccount(date(2026, 9, 11))
    vendor.faults["/x"] = [b'{"a": "' + b"x" * 2000 + b'"}']
    connection = serve(vendor)
    known = Connection("oa", connection.host, connection.port, **vendor.account)
    with Client(INTERFACE, known) as client, pytest.raises(Refused, match="answers without end"):
        client.ask(Request("GET", "/x"))


def test_a_client_speaks_to_nobody_in_the_clear():
    with pytest.raises(ConfigError, match="in the clear"):
        Client(INTERFACE, Connection("oa", "http://api.example"))


CASES = {
    "wechat_oa_main": ("OfficialAccount", ["/cgi-bin/stable_token", "/cgi-bin/user/get"]),
    "wecom_main": ("WeCom", ["/cgi-bin/gettoken", "/cgi-bin/externalcontact/batch/get_by_user"]),
    "taobao_main": ("Top", ["/router/rest"]),
}


def echo(query, body):
    """An error that repeats all that was sent."""
    said = f"{query} {body}"
    return {"errcode": 99999, "errmsg": said, "error_response": {"code": 99, "msg": said}}


@pytest.mark.parametrize("source", CASES)
def test_nothing_secret_is_told_whatever_goes_wrong(source_of, serve, vendors, caplog, monkeypatch, source):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(Client.__init__, "__defaults__", (lambda seconds: None,))
    name, paths = CASES[source]
    settings = source_of(source, transport="api:")
    told = []
    for path in paths:
        for fault in ("cut", 500, 404, b"<html>canary-page</html>", "echo", "wrong"):
            vendor = getattr(vendors, name)(*([date(2026, 9, 11)] if name == "OfficialAccount" else []))
            connection = serve(vendor, session="canary-session-77")
            if fault == "wrong":
                connection = replace(connection, password="canary-wrong")
            else:
                vendor.faults[path] = [echo if fault == "echo" else fault] * 20
            with pytest.raises(FollowthroughError) as raised:
                pull_answers(
                    settings,
                    settings.sources[0],
                    date(2026, 9, 10),
                    datetime(2026, 9, 11, 9),
                    lambda name: connection,  # noqa: B023
                )
            told.append(str(raised.value))
            assert raised.value.__cause__ is None
    assert len(told) == 6 * len(paths)
    assert "canary" not in "\n".join(told)
    assert "canary" not in caplog.text
    kept = [p for p in settings.home.root.rglob("*") if p.is_file()]
    assert [p for p in kept if b"canary" in p.read_bytes()] == []
