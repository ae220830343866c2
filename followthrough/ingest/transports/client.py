"""HTTP client of a vendor's API: token, signature, rate limit, retries, and the meaning of status codes.

No message or log contains a secret: error texts of libraries are left out, and secrets in those of the vendor
are replaced by ``***``.
"""

# Most vendors want the token in the address, which error texts of libraries quote.

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from followthrough.clock import now
from followthrough.contracts.api import Interface, Method, Token
from followthrough.errors import FollowthroughError, Unavailable
from followthrough.ingest.connections import Connection, base_url

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

ATTEMPTS = 6
_TIMEOUT_SECONDS = 30
_LONGEST_WAIT_SECONDS = 120
_RENEW_SECONDS = 300
_MAX_ANSWER_BYTES = 256 << 20
_MAX_MESSAGE = 200
_CHATTY = ("httpx", "httpcore")


@dataclass(frozen=True)
class Request:
    """A request without token and signature, which are added when it is sent."""

    method: Method
    path: str
    send: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A hash of the request, equal for equal requests."""
        signed = json.dumps([self.method, self.path, self.send], sort_keys=True)
        return hashlib.sha256(signed.encode()).hexdigest()[:16]


class Refused(FollowthroughError):
    """The API refused; the same request would be refused again."""


class Unreachable(Unavailable):
    """The server cannot be connected to, so other requests would fail as well."""


class _Passing(Exception):
    """A temporary failure: retry after ``seconds``."""

    def __init__(self, what: str, seconds: float = 0, is_unreachable: bool = False) -> None:
        super().__init__(what)
        self.seconds, self.is_unreachable = seconds, is_unreachable


class Client:
    """A client of an API for one account; a context manager. ``sleep`` waits, in seconds."""

    def __init__(
        self, interface: Interface, connection: Connection, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        import httpx

        for name in _CHATTY:  # they log addresses, which contain tokens
            logging.getLogger(name).setLevel(logging.WARNING)
        self._interface, self._connection, self._sleep = interface, connection, sleep
        self._base = base_url(connection, interface.base_url)
        self._http = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False)
        self._token, self._token_until, self._next_call = "", 0.0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    @property
    def values(self) -> dict[str, str]:
        """Values of the connection for templates."""
        known = self._connection
        extra = {name: str(value) for name, value in known.extra.items()}
        return {**extra, "login": known.login, "password": known.password}

    def ask(self, request: Request) -> bytes:
        """Return the unchanged body of the answer to a request.

        Raises Unavailable after several failed attempts, Refused if the API rejects the request.
        """
        from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt

        tries = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            retry=retry_if_exception_type(_Passing),
            sleep=self._sleep,
        )
        try:
            return tries(self._ask, request)
        except RetryError as error:
            what = error.last_attempt.exception()
        if isinstance(what, _Passing) and what.is_unreachable:
            raise Unreachable(
                f"{urlsplit(self._base).netloc} cannot be reached: {what}, {ATTEMPTS} times",
                f"check the network, and the host of the connection '{self._connection.id}'",
            )
        raise Unavailable(
            f"{self._name(request)} does not answer: {what}, {ATTEMPTS} times",
            "try again later; see whether the vendor reports a disturbance",
        )

    def _ask(self, request: Request) -> bytes:
        """Send the request, and again with a new token if the first answer says that it has expired."""
        token = self._interface.token
        addition = {token.sent_as: self._valid(token)} if token else {}
        answer = self._send(request, addition)
        if token and {*self._wrong(answer)} & {*self._interface.codes.token}:
            self._renew(token)
            answer = self._send(request, {token.sent_as: self._token})
        self._raise_error(request, answer)
        return answer

    def _valid(self, token: Token) -> str:
        if time.monotonic() >= self._token_until:
            self._renew(token)
        return self._token

    def _renew(self, token: Token) -> None:
        request = Request(token.method, token.path, fill(token.send, self.values))
        answer = self._send(request, {})
        document = json.loads(answer)
        given, seconds = found(document, token.found), found(document, token.seconds)
        self._raise_error(request, answer)
        if not given:
            raise Refused(f"{self._name(request)} gives no token", f"see {self._interface.source}")
        self._token = str(given[0])
        lives = float(seconds[0]) if seconds else 0.0
        self._token_until = time.monotonic() + max(lives - _RENEW_SECONDS, lives / 2)

    def _send(self, request: Request, addition: Mapping[str, str]) -> bytes:
        import httpx

        self._keep_pace()
        address = {**fill(self._interface.send, self.values), **addition}
        body = None
        if request.method == "GET":
            address |= {name: str(value) for name, value in request.send.items()}
        else:
            body = json.dumps(request.send, ensure_ascii=False).encode()
        self._sign(address)
        try:
            with self._http.stream(
                request.method,
                self._base + request.path,
                params=address,
                content=body,
                headers={"Content-Type": "application/json"} if body else {},
            ) as answer:
                return self._received(request, answer)
        except httpx.TransportError as error:
            connecting = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            raise _Passing(type(error).__name__, is_unreachable=connecting) from None

    def _received(self, request: Request, answer: "httpx.Response") -> bytes:
        """The body of an answer that is a JSON object; others, like a gateway's error page, are retried."""
        status = answer.status_code
        if status in (408, 429) or status >= 500:
            raise _Passing(f"HTTP {status}", _seconds(answer.headers.get("Retry-After", "")))
        if status != 200:
            raise Refused(
                f"{self._name(request)} answers HTTP {status}",
                f"check the connection '{self._connection.id}'",
            )
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > _MAX_ANSWER_BYTES:
                raise Refused(f"{self._name(request)} answers without end", "report it to the vendor")
        try:
            if isinstance(json.loads(body), dict):
                return bytes(body)
        except (ValueError, RecursionError):
            pass
        raise _Passing("the answer is no JSON object")

    def _wrong(self, answer: bytes) -> list[str]:
        """The codes of an error, empty if the answer is data."""
        codes, document = self._interface.codes, json.loads(answer)
        given = [str(code) for path in codes.at for code in found(document, path)]
        return [code for code in given if code != codes.fine]

    def _raise_error(self, request: Request, answer: bytes) -> None:
        codes, wrong = self._interface.codes, self._wrong(answer)
        for code in wrong:
            if code in codes.busy:
                raise _Passing(f"busy ({code})", codes.busy[code])
        if wrong:
            message = " ".join(str(text) for text in found(json.loads(answer), codes.message))
            remedies = [codes.remedies[code] for code in wrong if code in codes.remedies]
            raise Refused(
                f"{self._name(request)} refuses with {' '.join(wrong)}: {self._blotted(message)}",
                remedies[0] if remedies else f"see {wrong[-1]} in {self._interface.source}",
            )

    def _blotted(self, message: str) -> str:
        """The vendor's message without secrets, at most 200 characters."""
        for secret in sorted((*self._connection.secrets, self._token), key=len, reverse=True):
            message = message.replace(secret, "***") if secret else message
        return message[:_MAX_MESSAGE]

    def _name(self, request: Request) -> str:
        return f"{urlsplit(self._base).netloc}{request.path}"

    def _sign(self, address: dict[str, str]) -> None:
        signature = self._interface.signature
        if signature is None:
            return
        address[signature.sent_at_as] = f"{now():%Y-%m-%d %H:%M:%S}"
        signed = "".join(name + address[name] for name in sorted(address))
        key = signature.key.format_map(self.values).encode()
        address[signature.sent_as] = hmac.new(key, signed.encode(), hashlib.sha256).hexdigest().upper()

    def _keep_pace(self) -> None:
        """Wait until the next call is allowed."""
        self._sleep(max(0.0, self._next_call - time.monotonic()))
        self._next_call = time.monotonic() + 60 / self._interface.calls_per_minute


def _wait(state: "RetryCallState") -> float:
    """Seconds to wait: exponential with jitter, plus the time the API asks for."""
    from tenacity import wait_exponential_jitter

    error = state.outcome.exception() if state.outcome else None
    least = error.seconds if isinstance(error, _Passing) else 0.0
    return max(least, 0.0) + wait_exponential_jitter(initial=1, max=_LONGEST_WAIT_SECONDS / 2, jitter=2)(
        state
    )


def _seconds(header: str) -> float:
    return min(float(header), _LONGEST_WAIT_SECONDS) if header.isdecimal() else 0.0


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """The template with values filled in; a list around ``{each}`` gets one item per value."""
    if isinstance(template, str):
        return template.format_map(values)
    if isinstance(template, Mapping):
        return {name: fill(part, values) for name, part in template.items()}
    if isinstance(template, list) and "{each}" in str(template):
        return [fill(template[0], {**values, "each": value}) for value in values["each"]]
    return template


def found(document: Any, path: str) -> list[Any]:
    """The values at a path like ``$.data.openid[*]``, without nulls; empty if the path does not exist."""
    values = [document]
    for step in path.removeprefix("$.").split("."):
        name, is_list = step.removesuffix("[*]"), step.endswith("[*]")
        values = [value[name] for value in values if isinstance(value, dict) and value.get(name) is not None]
        if is_list:
            values = [item for value in values if isinstance(value, list) for item in value]
    return values
