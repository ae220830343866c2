"""Send messages to chat channels, at most once each; a failed delivery never fails the night."""

import base64
import hashlib
import hmac
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from followthrough.clock import unix_seconds
from followthrough.errors import FollowthroughError
from followthrough.paths import Home
from followthrough.settings.channels import Channel
from followthrough.versions.history import decide, decisions

QUIET = (time(22), time(7))
"""Start and end of the quiet hours, in which only urgent messages are sent."""

SMALLEST = 4096
"""Bytes of a WeCom markdown message, the smallest limit of all channels."""

MOST_AT_ONCE = 10
"""Messages per channel and call; the rest is sent by the next call."""
# Robots accept twenty messages a minute and then block for a while; a night and a poll may both send in the
# same minute.

_WORTH_TRYING = {"withheld": timedelta(hours=12), "undelivered": timedelta(hours=1)}
"""How long a message withheld or not delivered is still worth sending, from its first attempt on."""

_TIMEOUT_SECONDS = 10
_CONNECT_RETRIES = 2


@dataclass(frozen=True)
class Message:
    """A message sent at most once per ``key``, so reruns never repeat it.

    ``owner`` is the person asked to act, empty when it is for everybody. ``is_urgent`` ignores the quiet
    hours. A message with a ``picture`` is only that PNG, for the channels that accept pictures.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    owner: str = ""
    is_urgent: bool = False
    picture: Path | None = None


class Undelivered(FollowthroughError):
    """A channel did not accept a message. The text never holds the channel's address, which is a secret."""


Sender = Callable[[Channel, Message], None]


def send(
    home: Home,
    channels: Iterable[Channel],
    messages: Iterable[Message],
    at: datetime,
    senders: Mapping[str, Sender] | None = None,
) -> list[str]:
    """Send every message once to each of its channels; return the failures as text.

    Every delivery, failure and withheld message is recorded in history; failures are retried by the next
    call. Messages that are not urgent wait until the quiet hours are over. ``senders`` adds delivery for
    kinds that are not webhooks (e-mail).
    """
    senders = {**dict.fromkeys(_DIALECTS, _post), **(senders or {})}
    noted = _noted(home)
    failures: list[str] = []
    tried: Counter[str] = Counter()
    channels = list(channels)
    for message in messages:
        for channel in _addressed(channels, message):
            note = {"key": message.key, "channel": channel.id}
            if (message.key, channel.id) in noted["delivered"] or tried[channel.id] == MOST_AT_ONCE:
                continue
            if _is_quiet(at) and not message.is_urgent:
                if (message.key, channel.id) not in noted["withheld"]:
                    decide(home, "withheld", at, note)
                continue
            tried[channel.id] += 1
            try:
                senders.get(channel.kind, _refuse_kind)(channel, _with_failures(message, failures))
            except Undelivered as error:
                failures.append(f"{channel.id}: {error.message}")
                decide(home, "undelivered", at, {**note, "why": error.message})
            else:
                decide(home, "delivered", at, note)
    return failures


def has_undelivered(home: Home, at: datetime) -> bool:
    """Whether a withheld or failed message can be sent ``at`` this time."""
    noted = _noted(home)
    return any(
        at - first < worth_trying
        for kind, worth_trying in _WORTH_TRYING.items()
        if not (kind == "withheld" and _is_quiet(at))
        for to_whom, first in noted[kind].items()
        if to_whom not in noted["delivered"]
    )


def _noted(home: Home) -> dict[str, dict[tuple[str, str], datetime]]:
    """The first recorded time per (message key, channel), by outcome: delivered, withheld, undelivered."""
    noted: dict[str, dict[tuple[str, str], datetime]] = {"delivered": {}, "withheld": {}, "undelivered": {}}
    for note in (d for d in decisions(home) if d["type"] in noted):
        noted[note["type"]].setdefault((note["key"], note["channel"]), datetime.fromisoformat(note["at"]))
    return noted


def _addressed(channels: list[Channel], message: Message) -> list[Channel]:
    """The channels for a message: the owner's own where there are any, else those without owners."""
    if message.picture:
        channels = [channel for channel in channels if channel.kind in _PICTURES]
    theirs = [channel for channel in channels if message.owner and message.owner in channel.owners]
    return theirs or [channel for channel in channels if not channel.owners]


def _is_quiet(at: datetime) -> bool:
    since, until = QUIET
    return at.time() >= since or at.time() < until


def _with_failures(message: Message, failures: list[str]) -> Message:
    """The message with the failures of earlier channels added, so that another channel reports them."""
    if not failures:
        return message
    lines = (*message.lines, "", *(f"> 未送达 {failure}" for failure in failures))
    return replace(message, lines=lines)


def _refuse_kind(channel: Channel, _message: Message) -> None:
    raise Undelivered(f"{channel.kind} is sent by Airflow alone", "add a robot for what Airflow cannot tell")


def _post(channel: Channel, message: Message) -> None:
    import httpx

    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log the address, which is a secret
    dialect = _DIALECTS[channel.kind]
    url, body = dialect.body(channel, message)
    try:
        with httpx.Client(
            transport=httpx.HTTPTransport(retries=_CONNECT_RETRIES), timeout=_TIMEOUT_SECONDS
        ) as client:
            answer = client.post(url, content=_json(body), headers={"Content-Type": "application/json"})
    except httpx.HTTPError as error:
        raise Undelivered(type(error).__name__, "check the channel's address") from None
    if answer.status_code >= httpx.codes.MULTIPLE_CHOICES:
        raise Undelivered(f"HTTP {answer.status_code}", "check the channel's address")
    if dialect.answer:
        _refuse_error(answer, dialect.answer)


def _refuse_error(answer: Any, field: str) -> None:
    """Raise Undelivered where the body reports an error."""
    # These services answer 200 even when they reject a message.
    try:
        answered = answer.json()
    except ValueError:
        answered = None
    code = answered.get(field) if isinstance(answered, dict) else None
    if code != 0:
        raise Undelivered(f"{field} {code}", "see the service's list of codes")


def fitted(lines: Iterable[str], limit: int) -> str:
    """The lines as one text of at most ``limit`` bytes; whole lines are dropped from the end."""
    kept = list(lines)
    text = "\n".join(kept)
    while kept and len(text.encode()) > limit:
        kept.pop()
        text = "\n".join([*kept, "…"])
    return text


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class _Dialect:
    """The request format of one kind of channel; ``answer`` is the response field that is 0 on success."""

    body: Callable[[Channel, Message], tuple[str, dict[str, Any]]]
    answer: str = ""


def _wecom(channel: Channel, message: Message) -> tuple[str, dict[str, Any]]:
    if message.picture:
        content = message.picture.read_bytes()
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        image = {"base64": base64.b64encode(content).decode(), "md5": digest}
        return channel.url, {"msgtype": "image", "image": image}
    text = fitted([f"### {message.title}", *message.lines], SMALLEST)
    return channel.url, {"msgtype": "markdown", "markdown": {"content": text}}


def _dingtalk(channel: Channel, message: Message) -> tuple[str, dict[str, Any]]:
    text = fitted([f"### {message.title}", *message.lines], 18_000)
    body = {"msgtype": "markdown", "markdown": {"title": message.title, "text": text}}
    if not channel.secret:
        return channel.url, body
    milliseconds = str(unix_seconds() * 1000)
    sign = _sign(channel.secret, f"{milliseconds}\n{channel.secret}")
    return f"{channel.url}&timestamp={milliseconds}&sign={quote_plus(sign)}", body


def _feishu(channel: Channel, message: Message) -> tuple[str, dict[str, Any]]:
    card = {
        "header": {"title": {"tag": "plain_text", "content": message.title}},
        "elements": [{"tag": "markdown", "content": fitted(message.lines, 18_000)}],
    }
    body: dict[str, Any] = {"msg_type": "interactive", "card": card}
    if channel.secret:
        seconds = str(unix_seconds())
        body |= {"timestamp": seconds, "sign": _sign(f"{seconds}\n{channel.secret}", "")}
    return channel.url, body


def _webhook(channel: Channel, message: Message) -> tuple[str, dict[str, Any]]:
    text = "\n".join(message.lines)
    return channel.url, {"key": message.key, "title": message.title, "owner": message.owner, "text": text}


def _sign(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


_PICTURES = ("wecom",)
"""Kinds that accept a picture's bytes. DingTalk needs a public address, Feishu an app of its own."""

_DIALECTS = {
    "wecom": _Dialect(_wecom, "errcode"),
    "dingtalk": _Dialect(_dingtalk, "errcode"),
    "feishu": _Dialect(_feishu, "code"),
    "webhook": _Dialect(_webhook),
}
