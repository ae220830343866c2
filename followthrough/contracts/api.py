"""Types that declare a vendor's API: which requests to send, and what the responses mean.

A declaration has no behaviour; ``transports.client`` sends requests, ``transports.answers`` follows pages.

Text in ``send`` may contain ``{login}``, ``{password}`` or the name of an extra field of the connection,
``{begin}`` and ``{end}`` (first and last day, ISO) and ``{each}``: a list whose only item contains it is
filled with one item per value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal

Method = Literal["GET", "POST"]


@dataclass(frozen=True)
class Token:
    """The request that fetches a token, and the query parameter the token is sent in.

    ``found`` is the path of the token in the response, ``seconds`` that of its lifetime.
    """

    method: Method
    path: str
    send: Mapping[str, Any]
    found: str = "$.access_token"
    seconds: str = "$.expires_in"
    sent_as: str = "access_token"


@dataclass(frozen=True)
class Signature:
    """HMAC-SHA256 over names and values of all parameters, sorted by name, in upper-case hex digits.

    ``key`` is a template of the secret, ``sent_as`` the parameter of the signature, ``sent_at_as`` the
    parameter of the time of sending (Shanghai wall time).
    """

    key: str
    sent_as: str
    sent_at_as: str


@dataclass(frozen=True)
class Codes:
    """The meaning of status codes in responses; any code not listed is a refusal.

    ``at`` are the paths of an error's codes, the more general first, ``message`` the path of its text;
    ``fine`` is the code of success. ``token``: the token has expired, fetch another. ``busy``: retry after
    so many seconds. ``remedies`` say what a person can do about a refusal.
    """

    at: tuple[str, ...] = ("$.errcode",)
    message: str = "$.errmsg"
    fine: str = "0"
    token: tuple[str, ...] = ()
    busy: Mapping[str, float] = field(default_factory=dict)
    remedies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Interface:
    """What all calls of a vendor's API have in common. ``source`` is its documentation."""

    base_url: str
    codes: Codes
    calls_per_minute: int
    source: str
    token: Token | None = None
    signature: Signature | None = None
    send: Mapping[str, str] = field(default_factory=dict)
    """Query parameters of every call."""


@dataclass(frozen=True)
class Cursor:
    """Paging by a cursor: each response has the value for the next page, empty or missing on the last."""

    sent_as: str
    found: str


@dataclass(frozen=True)
class Numbered:
    """Paging by number, from 1 to at most ``last``; ``more`` is true in a response if another follows."""

    sent_as: str
    more: str
    last: int


@dataclass(frozen=True)
class Call:
    """One kind of request and its paging. GET sends ``send`` as query parameters, POST as JSON.

    ``then`` is a call to make with values of each response: its ``each`` is the path of these values, of
    which it sends ``by`` at a time.
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
    """How an export is fetched from an API.

    ``span`` is the number of days one call may cover, 0 for a complete list without days. A day is available
    from ``ready`` of the next morning; as its figures change for ``grows`` more days, it is fetched again
    during that time.
    """

    call: Call
    span: int = 0
    ready: time = time(0)
    grows: int = 0
