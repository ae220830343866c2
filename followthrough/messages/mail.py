"""Send messages by e-mail through an Airflow connection, so that we store no password."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Protocol

from followthrough.messages.delivery import Message, Undelivered
from followthrough.settings.channels import Channel

CONNECTION = "smtp_default"
_TIMEOUT_SECONDS = 10
_TLS_FROM_THE_START = 465


class Connection(Protocol):
    """The fields of an Airflow connection used here."""

    host: str | None
    port: int | None
    login: str | None
    password: str | None


def sender(connection: Callable[[str], Connection]) -> Callable[[Channel, Message], None]:
    """A function that sends a message by the connection ``smtp_default``, looked up at each call."""

    def send(channel: Channel, message: Message) -> None:
        try:
            mailbox = connection(CONNECTION)
        except Exception as error:  # Airflow's lookup raises errors of its own
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
