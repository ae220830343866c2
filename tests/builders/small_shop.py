"""A small shop whose files are put into inboxes by hand, and queries on its published version."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from followthrough.clock import SHANGHAI

NIGHT, NEXT = date(2026, 9, 1), date(2026, 9, 2)
SOURCES = """
[shops]
moss = "苔原"
[brands]
moss = "苔原"
[sources.moss]
platform = "youzan"
label = "有赞 苔原"
shop_id = "moss"
brand_id = "moss"
[sources.staff]
platform = "wecom"
label = "企业微信"
issuers = { corp_id = "corp", open_platform = "open" }
"""
PHONE, NAME, STREET = "13912345678", "欧阳测试", "测试大道88号3单元"
PERSONAL = {
    "收货人手机号/提货人手机号": PHONE,
    "买家手机号": PHONE,
    "分销员手机号": PHONE,
    "挂账手机号": PHONE,
    "收货人/提货人": NAME,
    "买家昵称": NAME,
    "挂账主体": NAME,
    "详细收货地址/提货地址": STREET,
    "买家备注": f"{NAME} {PHONE} {STREET}",
    "商家订单备注": f"放{STREET}门口",
}


def order(number: str, moment: str, **cells: str) -> dict[str, str]:
    """A finished order of 10 yuan, with everything that identifies the buyer."""
    plain = {
        "订单号": number,
        "订单状态": "交易完成",
        "订单创建时间": moment,
        "买家付款时间": moment,
        "归属店铺": "苔原",
        "订单实付金额": "10.00",
        "订单已退款金额": "0.00",
    }
    return plain | PERSONAL | cells


def drop(home: Path, source: str, name: str, content: bytes, made_at: datetime) -> None:
    """Put a file with this time of creation into an inbox."""
    path = home / "inbox" / source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    stamp = made_at.replace(tzinfo=SHANGHAI).timestamp()
    os.utime(path, (stamp, stamp))


def asked(home: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the published version."""
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()
