"""The texts and number formats of the pages, in Chinese and English; the page's switch shows one of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTHING = "—"


@cache
def texts() -> Mapping[str, Mapping[str, Any]]:
    """The table of texts: labels, reasons and causes by language, and the pages' own definitions."""
    import yaml

    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
        Path(__file__).with_name("texts.yml").read_text("utf-8")
    )
    return found


def zh(key: str, **values: object) -> str:
    """A label in Chinese, filled in."""
    return str(texts()["labels"][key][0]).format(**values)


def both(chinese: object, english: object) -> Markup:
    """Both languages as markup, of which the page shows one."""
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        chinese, english
    )


def label(key: str, **values: Any) -> Markup:
    """A label in both languages; a value that is a pair gives each language its own."""
    return both(*pair(key, **values))


def pair(key: str, **values: Any) -> tuple[Markup, Markup]:
    """A label filled in, in Chinese and in English."""
    chinese, english = texts()["labels"][key]
    # The table is ours, so only the inserted values need escaping.
    first = {name: v[0] if isinstance(v, tuple) else v for name, v in values.items()}
    second = {name: v[1] if isinstance(v, tuple) else v for name, v in values.items()}
    return Markup(chinese).format(**first), Markup(english).format(**second)  # noqa: S704


def joined(pairs: Sequence[tuple[str, str]]) -> tuple[Markup, Markup]:
    """Pairs joined, per language."""
    return Markup(" · ").join(p[0] for p in pairs), Markup(" · ").join(p[1] for p in pairs)


def named(table: str, code: str) -> Markup | str:
    """The name of a code in both languages; the code itself where it has no name."""
    found = texts()[table].get(code)
    return both(*found) if found else code


def short_day(day: date) -> str:
    """Month and day."""
    return f"{day:%m-%d}"


def long_day(day: date) -> Markup:
    """Month, day and weekday."""
    return both(f"{day:%m-%d} {WEEKDAYS[day.weekday()]}", f"{WEEKDAYS_EN[day.weekday()]} {day:%m-%d}")


def dated(day: date) -> str:
    """Month, day and weekday in Chinese, for messages."""
    return f"{day:%m-%d}({WEEKDAYS[day.weekday()]})"


def span(first: date, last: date) -> str:
    """One day, or from the first to the last."""
    return short_day(first) if first == last else f"{short_day(first)}~{short_day(last)}"


def names(listed: tuple[str, ...]) -> tuple[str, str]:
    """A list of names in each language's own punctuation."""
    return "、".join(listed), ", ".join(listed)


def yuan(fen: int, currency: str = "CNY") -> str:
    """Whole yuan, halves rounded away from zero; another currency is named."""
    sign = "¥" if currency == "CNY" else f"{currency} "
    return f"{'-' if fen <= -50 else ''}{sign}{(abs(fen) + 50) // 100:,}"


def more(fen: int, currency: str = "CNY") -> str:
    """A change in whole yuan with its sign."""
    return f"+{yuan(fen, currency)}" if fen >= 50 else yuan(fen, currency)


def exact(fen: int) -> str:
    """Yuan and cents without a currency sign, for tables of sums."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"


def exact_more(fen: int) -> str:
    """A change in yuan and cents with its sign."""
    return f"{'+' if fen > 0 else ''}{exact(fen)}"


def count(number: int) -> str:
    """A count with separators."""
    return f"{number:,}"


def signed(number: int) -> str:
    """A change with its sign."""
    return f"{number:+,}" if number else "±0"


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{share * 100:.1f}%"


def percent_more(share: float) -> str:
    """A relative change with its sign."""
    return f"{share * 100:+.1f}%"


def points(difference: float) -> str:
    """A difference of two shares in percentage points."""
    return f"{difference * 100:+.1f}"
