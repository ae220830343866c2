"""One key for the life of a home; without it nobody is made up anew."""

import hashlib
import hmac
import threading

import pytest

from followthrough.errors import ConfigError
from followthrough.load import hmac_key as keys

HEX = "0f" * 32


def test_a_home_makes_its_key_once_and_keeps_it_to_itself(home):
    key = keys.read_key(home, {})
    assert len(key) == 32
    assert keys.read_key(home, {}) == key == home.key.read_bytes()
    assert home.key.stat().st_mode & 0o777 == 0o600
    assert home.key.parent.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in home.key.parent.iterdir()] == ["hmac"]


def test_steps_that_need_the_first_key_at_once_agree_on_it(home):
    found, start = [], threading.Barrier(8)

    def ask():
        start.wait()
        found.append(keys.read_key(home, {}))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {home.key.read_bytes()}


def test_a_key_from_the_environment_wins_and_is_not_written(home):
    assert keys.read_key(home, {"FOLLOWTHROUGH_HMAC_KEY": HEX}) == bytes.fromhex(HEX)
    assert not home.key.exists()


@pytest.mark.parametrize("given", ["zz", "0f" * 31, "0f" * 33, "not hex at all"])
def test_a_key_of_the_wrong_form_is_refused_by_the_name_of_its_place(home, given):
    with pytest.raises(ConfigError, match="FOLLOWTHROUGH_HMAC_KEY is not a 32-byte key -> restore"):
        keys.read_key(home, {"FOLLOWTHROUGH_HMAC_KEY": given})


def test_a_damaged_key_file_is_refused_and_left_alone(home):
    home.key.write_bytes(b"short")
    with pytest.raises(ConfigError, match="keys/hmac is not a 32-byte key"):
        keys.read_key(home, {})
    assert home.key.read_bytes() == b"short"


def test_a_home_that_has_published_gets_no_new_key(home):
    version = home.history / "20260901T020000"
    version.mkdir()
    (version / "manifest.json").write_text("{}")
    with pytest.raises(ConfigError, match="is missing though this home has published before -> restore it"):
        keys.read_key(home, {})
    assert not home.key.exists()
    assert keys.read_key(home, {"FOLLOWTHROUGH_HMAC_KEY": HEX}) == bytes.fromhex(HEX)


def test_fingerprints_tell_keys_apart_and_are_no_part_of_them():
    one, two = keys.fingerprint(b"\1" * 32), keys.fingerprint(b"\2" * 32)
    assert one != two
    assert len(one) == 16
    assert one not in hashlib.sha256(b"\1" * 32).hexdigest()


def test_the_padded_blocks_give_the_hmac_of_the_standard_library():
    key, message = bytes(range(32)), b"phone||13800000000"
    inner, outer = keys.hmac_blocks(key)
    by_hand = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest()
    assert by_hand == hmac.new(key, message, hashlib.sha256).hexdigest()
