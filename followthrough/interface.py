"""The vocabulary in which an official interface is declared: what to ask, and what its answers mean.

A declaration holds no behaviour; ``transports.client`` asks, ``transports.answers`` goes through the pages.

Text in ``send`` may hold ``{login}``, ``{password}`` or the name of an extra of the connection, ``{begin}``
and ``{end}`` (the days asked for, ISO) and ``{each}``: a list whose only item holds it gets one per value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal

Method = Literal["GET", "POST"]


@dataclass(frozen=True)
class Token:
    """Where a token is fetched, and the parameter of the address it is then sent in.

    ``found`` is where the answer has it, ``seconds`` where it says how long it lives.
    """

    method: Method
    path: str
    send: Mapping[str, Any]
    found: str = "$.access_token"
    seconds: str = "$.expires_in"
    sent_as: str = "access_token"


@dataclass(frozen=True)
class Signature:
    """HMAC-SHA256 over all parameters, name and value, in order of their names, in capital hex digits.

    ``key`` names the secret as a template, ``sent_as`` the parameter the signature is sent in, and
    ``sent_at_as`` the one the time of sending is sent in (Shanghai wall time).
    """

    key: str
    sent_as: str
    sent_at_as: str


@dataclass(frozen=True)
class Codes:
    """What the code in an answer means; one that stands nowhere here is a refusal.

    ``at`` are the paths where an error's codes stand, the more general first, ``message`` its text; ``fine``
    is the code of no error. ``token``: the token is no longer good, another is fetched. ``busy``: ask again,
    not before so many seconds. ``remedies`` say what a person can do about a refusal.
    """

    at: tuple[str, ...] = ("$.errcode",)
    message: str = "$.errmsg"
    fine: str = "0"
    token: tuple[str, ...] = ()
    busy: Mapping[str, float] = field(default_factory=dict)
    remedies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Interface:
    """How a vendor's interface is spoken to, for all its calls. ``source`` is its documentation."""

    base_url: str
    codes: Codes
    calls_per_minute: int
    source: str
    token: Token | None = None
    signature: Signature | None = None
    send: Mapping[str, str] = field(default_factory=dict)
    """What goes into the address of every call."""


@dataclass(frozen=True)
class Cursor:
    """Pages follow one another by a value each answer gives; empty or missing after the last."""

    sent_as: str
    found: str


@dataclass(frozen=True)
class Numbered:
    """Pages are numbered from 1 to ``last`` at most; ``more`` is true in an answer while there is another."""

    sent_as: str
    more: str
    last: int


@dataclass(frozen=True)
class Call:
    """One kind of request, page by page. GET sends ``send`` in the address, POST as JSON.

    ``each`` is set on a call that follows another: where the other's answer has the values this one is made
    for, ``by`` at a time.
    """

    method: Method
    path: str
    send: Mapping[str, Any] = field(default_factory=dict)
    pages: Cursor | Numbered | None = None
    each: str = ""
    by: int = 1
    then: "Call | None" = None


@dataclass(frozen=True)
class Pull:
    """How an export is asked for.

    ``span`` is how many days one call may cover, 0 for a complete list that knows no days. A day can be asked
    for from ``ready`` o'clock of the next morning; its figures still grow for ``grows`` days, so it is asked
    for again until then.
    """

    call: Call
    span: int = 0
    ready: time = time(0)
    grows: int = 0
