"""The published content: articles of the official account, notes on Xiaohongshu."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from followthrough.sample.world.entities import Article, ArticleDay, Note, NoteFigures
from followthrough.sample.world.random_streams import rng

ARTICLE_DAYS = 7
_NOTE_DAYS = 40
_TOPICS = ("面霜怎么选", "换季护肤", "防晒补涂", "洁面误区", "敏感肌自救", "精华叠涂", "护手三件事")
_TWISTS = ("三步看懂", "少即是多", "别再踩坑", "亲测 30 天", "成分党必看", "编辑部实验")


def make_articles(seed: int, first_night: date, last_day: int) -> tuple[Article, ...]:
    """One push every third day, of one or two articles."""
    articles = []
    for number, day in enumerate(range(-9, last_day, 3)):
        stream = rng(seed, "article", number)
        published_on = first_night + timedelta(days=day)
        articles += [
            _article(stream, f"{1_000_000_000 + number * 17}_{place}", published_on, place)
            for place in range(1, stream.choice((1, 1, 2)) + 1)
        ]
    return tuple(articles)


def make_notes(seed: int, first_night: date, last_day: int) -> tuple[Note, ...]:
    """One note every fourth day, two in three of them with pictures."""
    notes = []
    for number, day in enumerate(range(-30, last_day, 4)):
        stream = rng(seed, "note", number)
        published_at = datetime.combine(first_night + timedelta(days=day), time()) + timedelta(
            seconds=stream.randint(7 * 3600, 22 * 3600)
        )
        notes.append(
            Note(
                title=f"{_title(stream)}|第{number + 1}期",
                published_at=published_at,
                genre=stream.choice(("图文", "图文", "视频")),
                days=_note_days(stream),
            )
        )
    return tuple(notes)


def _title(stream: Random) -> str:
    return f"{stream.choice(_TOPICS)},{stream.choice(_TWISTS)}"


def _article(stream: Random, msgid: str, published_on: date, place: int) -> Article:
    reads = _growth(stream, stream.randint(120, 900) // place, ARTICLE_DAYS, 0.45)
    shares = _growth(stream, reads[0] // 25 + 2, ARTICLE_DAYS, 0.4)
    favourites = _growth(stream, reads[0] // 40 + 3, ARTICLE_DAYS, 0.3)
    if stream.random() < 0.4:  # unlikes
        favourites[4:] = [total - 2 for total in favourites[4:]]
    days = [
        ArticleDay(read, read * 4 // 5 + 1, share, favourite)
        for read, share, favourite in zip(reads, shares, favourites, strict=True)
    ]
    return Article(msgid, _title(stream), published_on, stream.randint(2_000, 2_400), tuple(days))


def _note_days(stream: Random) -> tuple[NoteFigures, ...]:
    views = _growth(stream, stream.randint(60, 700), _NOTE_DAYS, 0.8)
    likes = [total // 14 for total in views]
    if stream.random() < 0.4:  # likes of accounts the platform has closed
        likes[3:] = [max(total - 6, 0) for total in likes[3:]]
    return tuple(
        NoteFigures(
            exposures=total * 9,
            views=total,
            likes=like,
            comments=like // 7,
            saves=like // 3,
            followers_gained=like // 11,
            shares=like // 9,
        )
        for total, like in zip(views, likes, strict=True)
    )


def _growth(stream: Random, first: int, days: int, keeps: float) -> list[int]:
    """Cumulative figures, one per day, that grow more slowly each day."""
    gains = (int(first * keeps**day * stream.uniform(0.7, 1.3)) for day in range(days))
    return list(accumulate(gains))
