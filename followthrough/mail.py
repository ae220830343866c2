"""E-mail through a connection that Airflow keeps, so that no password is ours to keep."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Protocol

from followthrough.channels import Channel
from followthrough.notify import Message, Undelivered

CONNECTION = "smtp_default"
_TIMEOUT_SECONDS = 10
_TLS_FROM_THE_START = 465


class Connection(Protocol):
    """The part of an Airflow connection that is needed here."""

    host: str | None
    port: int | None
    login: str | None
    password: str | None


def sender(connection: Callable[[str], Connection]) -> Callable[[Channel, Message], None]:
    """Give the function that sends a message by the connection ``smtp_default``, looked up when it does."""

    def send(channel: Channel, message: Message) -> None:
        try:
            mailbox = connection(CONNECTION)
        except Exception as error:  # the lookup is Airflow's, and so are its errors
            raise Undelivered(type(error).__name__, f"create the connection {CONNECTION}") from None
        try:
            _send(mailbox, channel, message)
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(type(error).__name__, f"check the connection {CONNECTION}") from None

    return send


def _send(mailbox: Connection, channel: Channel, message: Message) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = message.title, ", ".join(channel.to)
    mail["From"] = mailbox.login or f"followthrough@{mailbox.host}"
    mail.set_content("\n".join(message.lines))
    kind = smtplib.SMTP_SSL if mailbox.port == _TLS_FROM_THE_START else smtplib.SMTP
    with kind(mailbox.host or "", mailbox.port or 0, timeout=_TIMEOUT_SECONDS) as server:
        if kind is smtplib.SMTP and server.has_extn("starttls"):
            server.starttls()
        if mailbox.login and mailbox.password:
            server.login(mailbox.login, mailbox.password)
        server.send_message(mail)
