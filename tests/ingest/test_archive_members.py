"""An archive's members count like files, with the times of their archive."""

import io
from datetime import datetime

import pytest

from followthrough.ingest.archive_members import contents, remember
from followthrough.ingest.landing import Sighting, land
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts
from followthrough.versions.effective_loads import export_times
from tests.builders.archives import zipped

CAME = datetime(2026, 9, 2, 10)


@pytest.fixture
def landed_zip(home):
    def landed_zip(*members, at=CAME):
        return land(home, "youzan_moss", io.BytesIO(zipped(*members)), Sighting("订单.zip", at, at))

    return landed_zip


def test_before_it_is_unpacked_it_is_itself(home, landed_zip):
    archive = landed_zip(("a.csv", b"a"))
    assert [file.sha256 for file in contents(home, "youzan_moss")] == [archive.sha256]


@pytest.mark.parametrize(
    ("written", "exported"),
    [(None, CAME), (datetime(2026, 9, 2, 9, 30), datetime(2026, 9, 2, 9, 30)), (datetime(2027, 1, 1), CAME)],
)
def test_a_member_is_as_old_as_it_says_and_no_younger_than_its_archive(home, landed_zip, written, exported):
    from followthrough.parse.archives import Member

    archive = landed_zip(("a.csv", b"a"))
    remember(home, archive, [Member("订单.zip/a.csv", archive.path, "ab" * 32, written)])
    (member,) = contents(home, "youzan_moss")
    assert (member.name, member.sha256, member.exported_at) == ("订单.zip/a.csv", "ab" * 32, exported)


def test_every_member_is_loaded_once_and_the_archive_is_not_opened_again(settings, landed_zip):
    landed_zip(("one.csv", b"x,y\n1,2\n"), ("two.csv", b""), ("again.csv", b""))
    done = load_platform(settings, "youzan")
    assert (done.files, done.refused) == (2, 2)
    found = {receipt.name: receipt.refused["code"] for receipt in receipts(settings.home)}
    assert found == {"订单.zip/one.csv": "unknown_file", "订单.zip/again.csv": "empty"}
    assert load_platform(settings, "youzan").files == 0


def test_an_archive_that_is_refused_is_one_refused_file(settings, landed_zip):
    archive = landed_zip(("../a.csv", b"a"))
    assert (load_platform(settings, "youzan").files, load_platform(settings, "youzan").files) == (1, 0)
    (receipt,) = receipts(settings.home)
    assert (receipt.sha256, receipt.refused["code"]) == (archive.sha256, "hostile_archive")
    assert receipt.refused["remedy_zh"] == "不要使用这个压缩包，请把里面的文件直接放进收件夹"


def test_the_same_bytes_in_an_archive_and_beside_it_are_one_file(settings, home, landed_zip):
    landed_zip(("a.csv", b"a"))
    land(home, "youzan_moss", io.BytesIO(b"a"), Sighting("a.csv", datetime(2026, 9, 1), None))
    load_platform(settings, "youzan")
    assert len([*receipts(home)]) == 1
    times = {key: at for key, at in export_times(settings).items() if key[0] == "youzan_moss"}
    assert [*times.values()] == [datetime(2026, 9, 1)]
