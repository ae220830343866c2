"""Channels are read with their secrets from the environment, and told apart from what cannot be."""

import pytest

from followthrough.errors import ConfigError
from followthrough.settings.channels import Channel, channels


def read(entry, **environment):
    return channels("sources.toml", {"channels": {"team": entry}}, environment)


def test_an_address_comes_from_the_environment():
    (team,) = read(
        {"kind": "wecom", "url": "env:TEAM_URL", "owners": ["王运营"]}, TEAM_URL="https://example.com/?key=k"
    )
    assert team == Channel("team", "wecom", "https://example.com/?key=k", owners=("王运营",))


def test_no_channel_is_no_error():
    assert channels("sources.toml", {}, {}) == ()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"kind": "pigeon", "url": "env:URL"}, "kind is 'pigeon'"),
        ({"kind": "wecom"}, "has no url"),
        ({"kind": "email"}, "has no to"),
        ({"kind": "wecom", "url": "https://example.com/?key=k"}, "names no environment variable"),
        ({"kind": "wecom", "url": "env:NOT_SET"}, "names no environment variable"),
        ({"kind": "wecom", "url": "env:URL", "sercet": "env:URL"}, "sercet"),
    ],
)
def test_what_cannot_be_a_channel_is_named(entry, message):
    with pytest.raises(ConfigError, match=message) as refused:
        read(entry, URL="https://example.com")
    assert "[channels.team]" in str(refused.value)
    assert "key=k" not in str(refused.value)
