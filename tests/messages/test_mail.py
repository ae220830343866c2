"""E-mail against a server that speaks SMTP."""

import email
import socketserver
import threading
from email.policy import default
from types import SimpleNamespace

import pytest

from followthrough.messages.delivery import Message, Undelivered
from followthrough.messages.mail import sender
from followthrough.settings.channels import Channel

FINANCE = Channel("finance", "email", to=("finance@example.com", "boss@example.com"))
BRIEF = Message("k", "新媒体日报 11-22(周日) 定稿", ("**净支付额 ¥486,210**", "版本 000001-2026-11-22"))


class _Post(socketserver.StreamRequestHandler):
    """As much of SMTP as handing over one mail needs; the recipient nobody@example.com is refused."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline().strip():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            answer = b"550 unknown" if b"nobody@" in line else b"221 bye" if verb == b"QUIT" else b"250 ok"
            self.wfile.write(answer + b"\r\n")


@pytest.fixture
def post():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Post) as server:
        server.mails = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def connection(port):
    asked = {"host": "127.0.0.1", "port": port, "login": None, "password": None}
    return lambda name: SimpleNamespace(name=name, **asked)


def test_a_message_arrives_as_a_mail(post):
    sender(connection(post.server_address[1]))(FINANCE, BRIEF)
    (raw,) = post.mails
    mail = email.message_from_bytes(raw, policy=default)
    assert mail["Subject"] == BRIEF.title
    assert mail["To"] == "finance@example.com, boss@example.com"
    assert mail.get_content().splitlines() == list(BRIEF.lines)


def test_a_refused_recipient_is_undelivered(post):
    nobody = Channel("nobody", "email", to=("nobody@example.com",))
    with pytest.raises(Undelivered, match="SMTPRecipientsRefused"):
        sender(connection(post.server_address[1]))(nobody, BRIEF)


def test_a_server_that_is_not_there_is_undelivered():
    with pytest.raises(Undelivered, match="ConnectionRefusedError"):
        sender(connection(9))(FINANCE, BRIEF)


def test_a_connection_nobody_made_is_undelivered():
    def lookup(name):
        raise LookupError(f"no {name}")

    with pytest.raises(Undelivered, match="LookupError") as told:
        sender(lookup)(FINANCE, BRIEF)
    assert "create the connection smtp_default" in told.value.remedy
