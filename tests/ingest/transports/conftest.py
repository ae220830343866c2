"""Servers of their own for every test that needs one, on loopback, and the connections to them."""

import getpass
import hashlib
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from followthrough.clock import now
from followthrough.settings import Settings

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
SOURCE = "shop"


@dataclass
class FromAirflow:
    """A connection with the attributes of Airflow's."""

    host: str = ""
    port: int | None = None
    login: str = ""
    password: str = ""
    extra_dejson: dict[str, Any] = field(default_factory=dict)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds, or fail."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def source_of(settings: Settings) -> Callable[..., Settings]:
    """Settings with one source, of a given transport."""

    def source_of(like: str = "youzan_moss", **changes: Any) -> Settings:
        source = replace(settings.source(like), id=SOURCE, connection="server", **changes)
        return replace(settings, sources=(source,))

    return source_of


@dataclass
class Sftp:
    """A running OpenSSH server: the folder it serves, and what a connection to it needs."""

    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path
    host_key: str
    private_key: str

    def connection(self, **changes: Any) -> FromAirflow:
        """The connection to it, changed as given; what ``extra`` gives is added."""
        extra = {"host_key": self.host_key, "private_key": self.private_key} | changes.pop("extra", {})
        known = FromAirflow("127.0.0.1", self.port, getpass.getuser(), extra_dejson=extra)
        return replace(known, **changes)


def _keypair(path: Path, kind: str = "ed25519") -> str:
    """Make a key pair; the public line."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(path)], check=True)
    return path.with_suffix(".pub").read_text()


@pytest.fixture
def keypair() -> Callable[..., str]:
    """Makes a key pair at a path, of a kind; gives the public line."""
    return _keypair


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[Sftp]:
    """OpenSSH's own server with keys made for this test."""
    if not Path(SSHD).exists():
        if os.environ.get("CI"):
            pytest.fail("CI has to have openssh-server")
        pytest.skip("openssh-server is not installed")
    place, folder, port = tmp_path / "sshd", tmp_path / "served", free_port()
    place.mkdir(mode=0o700)
    folder.mkdir()
    host_key, user_key = _keypair(place / "host"), _keypair(place / "user")
    (place / "authorized").write_text(user_key)
    (place / "config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {place / 'host'}\nPidFile {place / 'pid'}\n"
        f"AuthorizedKeysFile {place / 'authorized'}\nPasswordAuthentication no\nUsePAM no\nStrictModes no\n"
        "PermitRootLogin yes\nSubsystem sftp internal-sftp\nLogLevel ERROR\n"
    )
    if os.geteuid() == 0:  # only then does sshd ask for it
        Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(place / "config")])
    try:
        until(lambda: answers(port))
        yield Sftp(process, port, folder, host_key, (place / "user").read_text())
    finally:
        process.terminate()
        process.wait()


@dataclass
class S3:
    """A running server that speaks S3."""

    process: "subprocess.Popen[bytes]"
    url: str
    files: Any

    def connection(self, **changes: Any) -> FromAirflow:
        """The connection to it, changed as given."""
        known = FromAirflow(login="key", password="secret", extra_dejson={"endpoint_url": self.url})
        return replace(known, **changes)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """moto's server in a process of its own, with a bucket ``exports``; ``files`` writes into it."""
    import s3fs

    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(port), 60)
        url = f"http://127.0.0.1:{port}"
        files = s3fs.S3FileSystem(
            key="key", secret="secret", endpoint_url=url, skip_instance_cache=True, use_listings_cache=False
        )
        files.mkdir("exports")
        yield S3(process, url, files)
    finally:
        process.terminate()
        process.wait()


class Vendor:
    """A local server that speaks a vendor's protocol and keeps to its rules.

    ``faults`` are answers given instead of the proper ones, by path, first to last: a dict (JSON), bytes (as
    they are), a number (HTTP status), "cut", "slow", or a function of what was sent that gives one of these.
    ``asked`` are the requests that came.
    """

    account: ClassVar[dict[str, str]] = {"login": "id-of-account", "password": "canary-secret-a8"}
    invalid = 40001

    def __init__(self) -> None:
        self.faults: dict[str, list[Any]] = defaultdict(list)
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.tokens: list[str] = []
        self.running = threading.Event()

    def paths(self, path: str) -> list[tuple[dict[str, str], Any]]:
        """What was asked of a path: its parameters and body."""
        return [(query, body) for asked, query, body in self.asked if asked == path]

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        """The proper answer."""
        raise NotImplementedError

    def renew(self) -> str:
        """A token; the ones before are no longer good."""
        self.tokens.append(f"canary-token-{len(self.tokens)}")
        return self.tokens[-1]

    def refusal(self, query: dict[str, str]) -> dict[str, Any] | None:
        """Why a token is not accepted, if it is not."""
        if "access_token" not in query:
            return error(41001, "access_token missing")
        if query["access_token"] not in self.tokens:
            return error(self.invalid, f"invalid credential {query['access_token']}")
        if query["access_token"] != self.tokens[-1]:
            return error(42001, "access_token expired")
        return None


def error(code: int, message: str) -> dict[str, Any]:
    """An error as WeChat tells it."""
    return {"errcode": code, "errmsg": message}


class OfficialAccount(Vendor):
    """WeChat official account on ``today``: who follows, the follows by day, the articles by day."""

    def __init__(self, today: date, openids: int = 7, page: int = 3) -> None:
        super().__init__()
        self.today, self.page = today, page
        self.openids = [f"oFollower_{number:04}" for number in range(openids)]

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        if path == "/cgi-bin/stable_token":
            return self._token(method, body)
        refused = self.refusal(query)
        if refused:
            return refused
        if path == "/cgi-bin/user/get":
            return error(43001, "require GET method") if method != "GET" else self._list(query)
        if method != "POST":
            return error(43002, "require POST method")
        answers = {
            "/cgi-bin/user/info/batchget": self._infos,
            "/datacube/getusersummary": self._summary,
            "/datacube/getarticletotal": self._articles,
        }
        return answers[path](body)

    def _token(self, method: str, body: Any) -> Any:
        if method != "POST" or body["grant_type"] != "client_credential":
            return error(40002, "invalid grant_type")
        if body["appid"] != self.account["login"]:
            return error(40013, "invalid appid")
        if body["secret"] != self.account["password"]:
            return error(40125, f"invalid appsecret {body['secret']}")
        return {"access_token": self.renew(), "expires_in": 7200}

    def _list(self, query: dict[str, str]) -> Any:
        after = query.get("next_openid", "")
        start = self.openids.index(after) + 1 if after else 0
        page = self.openids[start : start + self.page]
        said = {"total": len(self.openids), "count": len(page), "next_openid": page[-1] if page else ""}
        return {**said, "data": {"openid": page}} if page else said

    def _infos(self, body: Any) -> Any:
        asked = [user["openid"] for user in body["user_list"]]
        if len(asked) > 100:
            return error(40032, "invalid openid list size")
        if set(asked) - set(self.openids):
            return error(40003, "invalid openid")
        said = {"subscribe": 1, "subscribe_time": 1788192060, "subscribe_scene": "ADD_SCENE_SEARCH"}
        return {"user_info_list": [{**said, "openid": openid, "qr_scene_str": ""} for openid in asked]}

    def _days(self, body: Any, span: int) -> list[date] | dict[str, Any]:
        try:
            first, last = (
                datetime.strptime(body[name], "%Y-%m-%d").date() for name in ("begin_date", "end_date")
            )
        except ValueError:
            return error(61500, "date format error")
        if not 0 <= (last - first).days < span or last >= self.today:
            return error(61501, "date range error")
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def _summary(self, body: Any) -> Any:
        days = self._days(body, 7)
        if isinstance(days, dict):
            return days
        return {
            "list": [
                {"ref_date": f"{day}", "user_source": 30, "new_user": day.day, "cancel_user": 1}
                for day in days
            ]
        }

    def _articles(self, body: Any) -> Any:
        days = self._days(body, 1)
        if isinstance(days, dict):
            return days
        until = min(days[0] + timedelta(days=6), self.today - timedelta(days=1))
        said = {"target_user": 9, "share_count": 0, "add_to_fav_count": 0, "int_page_read_user": 1}
        details = [
            {**said, "stat_date": f"{days[0] + timedelta(days=n)}", "int_page_read_count": 2 * n + 2}
            for n in range((until - days[0]).days + 1)
        ]
        article = {
            "ref_date": f"{days[0]}",
            "msgid": f"{days[0]:%d}0001_1",
            "title": "换季护肤",
            "details": details,
        }
        return {"list": [article] if days[0].day % 2 else []}


class WeCom(Vendor):
    """WeCom with ``staff`` who have ``contacts`` each."""

    invalid = 40014

    def __init__(self, staff: int = 2, contacts: int = 3, limit: int = 2) -> None:
        super().__init__()
        self.limit = limit
        self.staff = [f"staff{number}" for number in range(staff)]
        self.contacts = [(user, f"wm_{user}_{n}") for user in self.staff for n in range(contacts)]

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        if path == "/cgi-bin/gettoken":
            return self._token(query)
        refused = self.refusal(query)
        if refused:
            return refused
        if path == "/cgi-bin/externalcontact/get_follow_user_list":
            return {**error(0, "ok"), "follow_user": self.staff}
        return self._contacts(body)

    def _token(self, query: dict[str, str]) -> Any:
        if query["corpid"] != self.account["login"]:
            return error(40013, "invalid corpid")
        if query["corpsecret"] != self.account["password"]:
            return error(40001, f"invalid secret {query['corpsecret']}")
        return {**error(0, "ok"), "access_token": self.renew(), "expires_in": 7200}

    def _contacts(self, body: Any) -> Any:
        if len(body["userid_list"]) > 100:
            return error(40058, "userid_list exceed max length 100")
        start = int(body.get("cursor", "at0").removeprefix("at"))
        limit = min(self.limit, body.get("limit", 50), 100)
        known = [(user, external) for user, external in self.contacts if user in body["userid_list"]]
        page = known[start : start + limit]
        following = start + limit
        return {
            **error(0, "ok"),
            "external_contact_list": [
                {
                    "external_contact": {"external_userid": external, "name": "王", "type": 1},
                    "follow_info": {
                        "userid": user,
                        "createtime": 1788192060,
                        "add_way": 1,
                        "state": "shelf",
                        "remark_mobiles": [],
                    },
                }
                for user, external in page
            ],
            "next_cursor": f"at{following}" if following < len(known) else "",
        }


class Top(Vendor):
    """Taobao's open platform with some ratings of a shop, 100 a page, for the day asked for."""

    session = "canary-session-77"

    def __init__(self, ratings: int = 3) -> None:
        super().__init__()
        self.ratings = ratings

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        signed = "".join(name + query[name] for name in sorted(query) if name != "sign")
        sign = (
            hmac.new(self.account["password"].encode(), signed.encode(), hashlib.sha256).hexdigest().upper()
        )
        if query["sign"] != sign:
            return self._error(25, "Invalid signature", "isv.invalid-signature")
        if abs(now() - datetime.fromisoformat(query["timestamp"])) > timedelta(minutes=10):
            return self._error(31, "Invalid timestamp", "isv.invalid-timestamp")
        if query["session"] != self.session:
            return self._error(27, f"Invalid session {query['session']}", "invalid-sessionkey")
        size, number = int(query["page_size"]), int(query.get("page_no", 1))
        if size > 150 or query["method"] != "taobao.traderates.get":
            return self._error(41, "Invalid arguments", "isv.invalid-parameter")
        first = (number - 1) * size
        said = {"role": "buyer", "nick": "t**", "result": "good", "created": query["start_date"]}
        rates = [
            {**said, "tid": 2026090100000000000 + n, "oid": 2026090100000000000 + n}
            for n in range(first, min(first + size, self.ratings))
        ]
        more = first + size < self.ratings
        return {"traderates_get_response": {"has_next": more, "trade_rates": {"trade_rate": rates}}}

    def _error(self, code: int, message: str, sub: str) -> Any:
        return {"error_response": {"code": code, "msg": message, "sub_code": sub, "request_id": "1"}}


class _Handler(BaseHTTPRequestHandler):
    vendor: Vendor

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.loads(sent) if sent else None
        self.vendor.asked.append((address.path, query, body))
        faults = self.vendor.faults[address.path]
        given = faults.pop(0) if faults else self.vendor.answer(self.command, address.path, query, body)
        if callable(given):
            given = given(query, body)
        if given == "slow":
            self.vendor.running.wait(5)
            given = {}
        if isinstance(given, int):
            self._give(given, b"busy", {"Retry-After": "7"})
        elif given == "cut":
            self._give(200, b'{"list": [', {"Content-Length": "1000"})
        else:
            self._give(
                200, given if isinstance(given, bytes) else json.dumps(given, ensure_ascii=False).encode()
            )

    do_POST = do_GET

    def _give(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(BrokenPipeError):  # who asked has given up
            self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[..., FromAirflow]]:
    """Lets a vendor listen; the connection to it."""
    started: list[tuple[ThreadingHTTPServer, threading.Thread, Vendor]] = []

    def serve(vendor: Vendor, **extra: str) -> FromAirflow:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"vendor": vendor}))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((server, thread, vendor))
        return FromAirflow("http://127.0.0.1", server.server_port, **vendor.account, extra_dejson=extra)

    yield serve
    for server, thread, vendor in started:
        vendor.running.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def vendors() -> SimpleNamespace:
    """The protocols there are servers for."""
    return SimpleNamespace(OfficialAccount=OfficialAccount, WeCom=WeCom, Top=Top, error=error)
