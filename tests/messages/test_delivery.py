"""Messages against a server that keeps to what the services document, and refuses what they refuse."""

import base64
import hashlib
import hmac
import json
import logging
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followthrough.messages.delivery import Message, Undelivered, fitted, has_undelivered, send
from followthrough.settings.channels import Channel
from followthrough.versions.history import decisions

MORNING, EVENING = datetime(2026, 11, 23, 8), datetime(2026, 11, 23, 22, 30)
KEY, SECRET = "canary-webhook-key", "canary-signing-secret"


class _Service(BaseHTTPRequestHandler):
    """Group robots of three services, as documented: sizes, signatures, codes in a 200 answer."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        where = urlsplit(self.path)
        self.server.received.append((where.path, body))
        answer = getattr(self, where.path.strip("/"))(body, parse_qs(where.query))
        self.send_response(answer if isinstance(answer, int) else 200)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def wecom(self, body, query):
        if body["msgtype"] == "image":
            content = base64.b64decode(body["image"]["base64"])
            is_right = hashlib.md5(content).hexdigest() == body["image"]["md5"] and len(content) <= 2_000_000
            return {"errcode": 0 if is_right else 301019}
        size = len(body["markdown"]["content"].encode())
        if [path for path, _ in self.server.received].count("/wecom") > 20:
            return {"errcode": 45009}
        return {"errcode": 40058 if size > 4096 else 0 if query["key"] == [KEY] else 93000}

    def dingtalk(self, body, query):
        (stamp,), (sign,) = query["timestamp"], query["sign"]
        digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        assert body["markdown"]["title"]
        return {"errcode": 0 if base64.b64encode(digest).decode() == sign else 310000}

    def feishu(self, body, query):
        key = f"{body['timestamp']}\n{SECRET}".encode()
        right = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        is_small = len(json.dumps(body, ensure_ascii=False).encode()) <= 20_480
        return {"code": 0 if body["sign"] == right and is_small else 19021}

    def webhook(self, body, query):
        return 204

    def broken(self, body, query):
        return 500

    def mumbling(self, body, query):
        return b"<html>not what was promised</html>"

    def listing(self, body, query):
        return [{"code": 0}]

    def log_message(self, *arguments):
        """Say nothing: the test's output is not a server's log."""


@pytest.fixture
def service():
    """The address of the services; ``service.received`` are the paths and bodies they got."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        server.received = []
        server.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def channel(service):
    def channel(kind, path="", secret="", **more):
        return Channel(
            more.pop("id", kind), kind, f"{service.address}/{path or kind}?key={KEY}", secret, **more
        )

    return channel


def message(key="2026-11-22/early", **more):
    return Message(key, "新媒体日报 11-22", ("**净支付额 ¥486,210**", "> 到齐 11/13"), **more)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu", "webhook"])
def test_every_service_takes_a_message(home, service, channel, kind):
    assert send(home, [channel(kind, secret=SECRET)], [message()], MORNING) == []
    ((path, body),) = service.received
    assert path == f"/{kind}"
    assert "净支付额 ¥486,210" in json.dumps(body, ensure_ascii=False)


def test_a_picture_goes_to_the_channels_that_take_one(home, service, channel, tmp_path):
    drawn = tmp_path / "first.png"
    drawn.write_bytes(b"\x89PNG" + bytes(1000))
    everybody = [channel(kind, secret=SECRET) for kind in ("wecom", "dingtalk", "feishu", "webhook")]
    assert send(home, everybody, [message(picture=drawn)], MORNING) == []
    assert [(path, body["msgtype"]) for path, body in service.received] == [("/wecom", "image")]


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_long_message_is_cut_to_what_the_service_takes(home, channel, kind):
    long = Message("k", "日报", tuple(f"第 {n} 行：一二三四五六七八九十" for n in range(2000)))
    assert send(home, [channel(kind, secret=SECRET)], [long], MORNING) == []


@given(lines=st.lists(st.text(alphabet="字a\U0001f600", max_size=12), max_size=20), limit=st.integers(4, 200))
def test_a_fitted_text_is_whole_lines_from_the_start(lines, limit):
    text = fitted(lines, limit)
    assert len(text.encode()) <= limit
    kept = text.split("\n")
    assert text == "\n".join(lines) or (kept[-1] == "…" and kept[:-1] == lines[: len(kept) - 1])


def test_nothing_is_told_twice_and_what_failed_is_tried_again(home, service, channel):
    fails, works = channel("wecom", "broken", id="boss"), channel("webhook", id="team")
    assert send(home, [fails, works], [message()], MORNING) == ["boss: HTTP 500"]
    assert send(home, [channel("wecom", id="boss"), works], [message()], MORNING) == []
    assert send(home, [fails, works], [message()], MORNING) == []
    assert [path for path, _ in service.received] == ["/broken", "/webhook", "/wecom"]


def test_a_morning_on_which_all_is_late_stays_within_what_a_robot_takes_in_a_minute(home, service, channel):
    late = [message(f"late/{n}") for n in range(23)]
    robot = channel("wecom")
    assert send(home, [robot], late, MORNING) == []
    assert send(home, [robot], late, MORNING) == []
    assert len(service.received) == 20
    service.received.clear()  # a minute passes
    assert send(home, [robot], late, MORNING) == []
    assert [d["key"] for d in decisions(home)] == [m.key for m in late]


def test_the_next_channel_hears_of_the_one_that_failed(home, service, channel):
    send(home, [channel("wecom", "broken", id="boss"), channel("webhook")], [message()], MORNING)
    assert "未送达 boss: HTTP 500" in service.received[-1][1]["text"]


@pytest.mark.parametrize(
    ("path", "secret", "why"),
    [
        ("mumbling", SECRET, "code None"),
        ("listing", SECRET, "code None"),
        ("broken", SECRET, "HTTP 500"),
        ("feishu", "another", "code 19021"),
    ],
)
def test_a_refusal_is_told_by_its_code(home, channel, path, secret, why):
    refused = send(home, [channel("feishu", path, secret=secret)], [message()], MORNING)
    assert refused == [f"feishu: {why}"]


def test_a_service_that_is_not_there_fails_nothing(home):
    nobody = Channel("team", "wecom", "http://127.0.0.1:9/send?key=canary")
    assert send(home, [nobody], [message()], MORNING) == ["team: ConnectError"]


def test_no_secret_is_noted_logged_or_shown(home, channel, caplog):
    caplog.set_level(logging.DEBUG, logger="httpx")
    ding = channel("dingtalk", secret=SECRET)
    send(home, [ding, channel("wecom", "broken")], [message()], MORNING)
    written = " ".join(path.read_text() for path in home.root.rglob("*") if path.is_file()) + repr(ding)
    written += caplog.text
    assert KEY not in written
    assert SECRET not in written
    assert [d["type"] for d in decisions(home)] == ["delivered", "undelivered"]


def test_nobody_is_woken_for_what_can_wait(home, service, channel):
    both = [message("a"), message("b", is_urgent=True)]
    send(home, [channel("webhook")], both, EVENING)
    assert [body["key"] for _, body in service.received] == ["b"]
    send(home, [channel("webhook")], both, MORNING)
    assert [body["key"] for _, body in service.received] == ["b", "a"]


def test_what_the_quiet_hours_hold_back_is_owed_in_the_morning_and_noted_once(home, service, channel):
    robot, at_seven = channel("webhook"), datetime(2026, 11, 24, 7)
    assert not has_undelivered(home, at_seven)
    for minutes in (0, 3):
        send(home, [robot], [message("a")], EVENING + timedelta(minutes=minutes))
    assert [d["type"] for d in decisions(home)] == ["withheld"]
    assert not has_undelivered(home, EVENING), "at night nobody can be told"
    assert has_undelivered(home, at_seven)
    assert not has_undelivered(home, at_seven + timedelta(hours=4)), "that is no news any more"
    send(home, [robot], [message("a")], at_seven)
    assert not has_undelivered(home, at_seven)


def test_what_was_told_by_day_is_not_held_back_in_the_evening(home, service, channel):
    for at in (MORNING, EVENING):
        send(home, [channel("webhook")], [message("a")], at)
    assert [d["type"] for d in decisions(home)] == ["delivered"]


def test_what_failed_is_owed_to_its_channel_for_an_hour(home, channel):
    send(home, [channel("wecom", "broken", id="boss"), channel("webhook", id="team")], [message()], MORNING)
    assert has_undelivered(home, MORNING + timedelta(minutes=59))
    assert not has_undelivered(home, MORNING + timedelta(minutes=60))


def test_what_asks_one_person_goes_to_them_alone(home, service, channel):
    team, wang = channel("webhook", id="team"), channel("webhook", id="wang", owners=("王运营",))
    send(
        home,
        [team, wang],
        [message("all"), message("his", owner="王运营"), message("hers", owner="李运营")],
        MORNING,
    )
    sent = [(d["channel"], d["key"]) for d in decisions(home)]
    assert sent == [("team", "all"), ("wang", "his"), ("team", "hers")]


def test_what_is_no_webhook_is_sent_by_who_can(home):
    sent = []
    mail = Channel("finance", "email", to=("finance@example.com",))
    senders = {"email": lambda channel, message: sent.append((channel.to, message.title))}
    assert send(home, [mail], [message()], MORNING, senders) == []
    assert sent == [(("finance@example.com",), "新媒体日报 11-22")]


def test_what_nobody_here_can_send_is_told_by_the_next_channel(home, service, channel):
    """The check from outside has no connection of Airflow's, and must not fall over one."""
    mail = Channel("finance", "email", to=("finance@example.com",))
    assert send(home, [mail, channel("webhook")], [message()], MORNING) == [
        "finance: email is sent by Airflow alone"
    ]
    assert "未送达 finance" in service.received[-1][1]["text"]


def test_a_sender_that_fails_is_like_any_other(home):
    def fail(channel, message):
        raise Undelivered("SMTP 550")

    mail = Channel("finance", "email", to=("finance@example.com",))
    assert send(home, [mail], [message()], MORNING, {"email": fail}) == ["finance: SMTP 550"]
