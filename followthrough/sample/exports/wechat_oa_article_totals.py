"""Bytes of the article totals: an answer of `datacube/getarticletotal` per day of publication."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import groupby
from typing import Any

from followthrough.sample.deliveries.records import Arrival, ArticleRow


def file_name(arrival: Arrival) -> str:
    """The file's name as the pulling script gives it."""
    return f"article_totals_{arrival.night}.json"


def render(arrival: Arrival) -> bytes:
    """Write the articles of the last seven days, oldest first, each with every day since."""
    rows = [record for record in arrival.records if isinstance(record, ArticleRow)]
    answers = groupby(rows, key=lambda row: row.article.published_on)
    documents = [{"list": [_article(row) for row in of_day]} for _, of_day in answers]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents).encode()


def _article(row: ArticleRow) -> dict[str, Any]:
    article = row.article
    return {
        "ref_date": f"{article.published_on}",
        "msgid": article.msgid,
        "title": article.title,
        "details": [_detail(row, number) for number in range(len(row.days))],
    }


def _detail(row: ArticleRow, number: int) -> dict[str, Any]:
    day = row.days[number]
    return {
        "stat_date": f"{row.article.published_on + timedelta(days=number)}",
        "target_user": row.article.delivered,
        "int_page_read_user": day.readers,
        "int_page_read_count": day.reads,
        "ori_page_read_user": 0,
        "ori_page_read_count": 0,
        "share_user": day.shares,
        "share_count": day.shares,
        "add_to_fav_user": day.favourites,
        "add_to_fav_count": day.favourites,
    }
