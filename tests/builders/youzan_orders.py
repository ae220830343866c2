"""Order exports of a Youzan shop: valid rows, and one with an invalid amount."""

import csv
import io

from followthrough.platforms import exports

HEADER = exports()["youzan__orders"].header
PHONE = "13912345678"


def order(number: int, **cells: str) -> dict[str, str]:
    """A finished order of 10 yuan, as cells by column name."""
    plain = {
        "订单号": f"E{number:08}",
        "订单状态": "交易完成",
        "订单创建时间": "2026-09-01 10:00:00",
        "买家付款时间": "2026-09-01 10:05:00",
        "订单实付金额": "10.00",
        "买家手机号": PHONE,
    }
    return plain | cells


def file_of(*orders: dict[str, str]) -> bytes:
    """An export of these orders; missing cells are empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="")
    writer.writeheader()
    writer.writerows(orders)
    return text.getvalue().encode()


GOOD = [order(n) for n in range(40)]
BROKEN = order(99, 订单实付金额="十元")
