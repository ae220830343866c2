"""Every way a platform's declaration knows people come through is a channel readers can name."""

import csv

import pytest

from followthrough.generate import DBT_PROJECT
from followthrough.platforms import ocean_engine, wecom
from followthrough.sample import wechat_oa_user_summary

with (DBT_PROJECT / "seeds" / "entry_channels.csv").open(encoding="utf-8") as seed:
    ENTRIES = [(row["platform"], row["entry"], row["channel_id"]) for row in csv.DictReader(seed)]
KNOWN = {(platform, entry) for platform, entry, _ in ENTRIES}


@pytest.mark.parametrize(
    ("platform", "entries"),
    [
        ("wecom", wecom.ADD_WAY.values()),
        ("ocean_engine", ocean_engine.ORIGIN.values()),
        ("jinshuju", ["form"]),
        ("wechat_oa", map(str, [wechat_oa_user_summary.OTHERS, *wechat_oa_user_summary.SOURCES.values()])),
    ],
)
def test_every_entry_is_a_channel(platform, entries):
    assert {(platform, entry) for entry in entries} <= KNOWN


def test_an_entry_is_one_channel_of_its_own_platform():
    assert len(KNOWN) == len(ENTRIES)
    assert [channel for platform, _, channel in ENTRIES if not channel.startswith(f"{platform}.")] == []
