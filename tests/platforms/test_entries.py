"""Every way a platform's exports tell people apart by is a channel readers can name."""

from collections import Counter

import pytest

from followthrough.platforms import ocean_engine, platforms
from followthrough.platforms.wecom import external_contacts
from followthrough.sample.exports import wechat_oa_user_summary

WORDS = {name: Counter(w for e in found.entries for w in e.names) for name, found in platforms().items()}


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("wecom", external_contacts.ADD_WAY.values()),
        ("ocean_engine", ocean_engine.ORIGIN.values()),
        ("wechat_oa", map(str, [wechat_oa_user_summary.OTHERS, *wechat_oa_user_summary.SOURCES.values()])),
    ],
)
def test_every_word_of_an_export_is_an_entry(platform, words):
    assert {*words} <= {*WORDS[platform]}


@pytest.mark.parametrize("platform", WORDS)
def test_a_word_is_one_channel_and_a_channel_one_entry(platform):
    assert [word for word, times in WORDS[platform].items() if times > 1] == []
    for field in ("channel", "label_zh", "label_en"):
        told = [getattr(entry, field) for entry in platforms()[platform].entries]
        assert len({*told}) == len(told)


def test_labels_tell_the_channels_of_all_platforms_apart():
    told = [entry.label_zh for found in platforms().values() for entry in found.entries]
    assert len({*told}) == len(told)
