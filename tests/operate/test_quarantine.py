"""Refused rows as they stand in the file, wherever the file lies."""

import os

import pytest

from followthrough.errors import FollowthroughError
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts
from followthrough.operate.quarantine import quarantined
from tests.builders.archives import zipped
from tests.builders.youzan_orders import BROKEN, GOOD, file_of
from tests.builders.youzan_refunds import REFUND, refunds


def test_a_refused_row_is_shown_with_line_reason_column_and_its_text(settings, load_bytes):
    receipt = load_bytes(file_of(*GOOD[:2], BROKEN))
    head, where, raw = quarantined(settings, receipt.load_id).splitlines()
    assert head == "export.csv (youzan__orders): 1 rows refused"
    assert where == "line 4: not_a_money in paid_fen"
    assert "E00000099" in raw
    assert "十元" in raw


def test_a_row_in_an_archive_is_found_in_it(settings, load_bytes):
    load_bytes(zipped(("orders.csv", file_of(BROKEN))), name="导出.zip")
    (receipt,) = receipts(settings.home)  # the archive itself is no load
    assert "十元" in quarantined(settings, receipt.load_id)


def test_a_record_of_json_is_shown_by_its_number(settings, load_bytes):
    receipt = load_bytes(refunds({"data": REFUND}, {"data": REFUND | {"refund_fee": "一元"}}))
    told = quarantined(settings, receipt.load_id)
    assert "line 2: not_a_money" in told
    assert '"refund_fee":"一元"' in told


def test_what_has_no_refused_rows_says_so(settings, load_bytes):
    assert quarantined(settings, load_bytes(file_of(*GOOD)).load_id) == "export.csv: no row was refused"
    empty = load_bytes(b"", name="空.csv")
    assert "refused as a whole: the file is empty" in quarantined(settings, empty.load_id)


def test_a_load_nobody_knows_is_named(settings):
    load_platform(settings, "youzan")
    with pytest.raises(FollowthroughError, match="there is no load l9"):
        quarantined(settings, "l9")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_who_may_not_read_the_landing_zone_is_told_so(settings, load_bytes):
    receipt = load_bytes(file_of(*GOOD[:2], BROKEN))
    child = os.fork()
    if child == 0:
        told = ""
        try:
            os.setuid(65534)
            told = quarantined(settings, receipt.load_id)
        except FollowthroughError as error:
            told = str(error)
        finally:
            os._exit(0 if "landing is not yours to read -> ask" in told else 1)
    assert os.waitpid(child, 0)[1] == 0
