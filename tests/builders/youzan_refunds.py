"""Refund answers of Youzan, one document per line."""

import json


def refunds(*documents):
    """A file of these documents."""
    return "".join(json.dumps(document) + "\n" for document in documents).encode()


REFUND = {
    "refund_id": "R1",
    "tid": "E1",
    "status": "CLOSED",
    "demand": 1,
    "refund_fee": "1.00",
    "created": "2026-09-01 10:00:00",
    "modified": "2026-09-01 11:00:00",
    "refund_fund_list": [],
}
