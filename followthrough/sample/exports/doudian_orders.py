"""Bytes of the Douyin shop's order export: BOM, every text cell begins with a tab, no buyer data."""

from __future__ import annotations

from collections.abc import Iterator

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, OrderRow
from followthrough.sample.exports.delimited import delimited
from followthrough.sample.exports.yuan import yuan
from followthrough.sample.world.operator_sheets import PRODUCT_CODES

_STATUS = {
    "待付款": "待支付",
    "待发货": "待发货",
    "已发货": "已发货",
    "交易完成": "已完成",
    "交易关闭": "已关闭",
}
_AMOUNTS = ("商品数量", "商品金额", "订单应付金额", "运费")
_CREATORS = (("62800000001", "苔原自播间", "直播"), ("62800000002", "地衣少女", "短视频"))


def file_name(arrival: Arrival) -> str:
    """The file's name as the shop's desk gives it."""
    return f"{arrival.exported_at:%Y%m%d%H%M%S}_订单.csv"


def render(arrival: Arrival) -> bytes:
    """Write the export; every fourth order has a gift, as a separate sub-order."""
    header = export("doudian__orders").header
    rows = [cells for row in arrival.records if isinstance(row, OrderRow) for cells in _rows(row, arrival)]
    return delimited(header, (_tabbed(cells, header) for cells in rows), quote_all=True).encode("utf-8-sig")


def line_id(order_id: str) -> str:
    """Number of the sub-order for the purchased product."""
    return f"{int(order_id) + 1}"


def _rows(row: OrderRow, arrival: Arrival) -> Iterator[dict[str, str]]:
    order, product = row.order, row.order.product.replace("\n", " ")
    yield _of_order(row, arrival) | {
        "子订单编号": line_id(order.order_id),
        "选购商品": product,
        "商品ID": "3630000000000000001",
        "商家编码": PRODUCT_CODES[product],
        "商品数量": f"{order.quantity}",
        "商品金额": yuan(order.goods_fen),
        "订单应付金额": yuan(order.payable_fen),
        "运费": yuan(order.freight_fen),
    }
    if int(order.order_id) % 4 == 0 and order.kind == "plain":
        gift = {"选购商品": "赠品 起泡网", "商品ID": "3630000000000000099", "商品数量": "1"}
        nothing = dict.fromkeys(("商品金额", "订单应付金额", "运费"), "0.00")
        yield _of_order(row, arrival) | gift | nothing | {"子订单编号": f"{int(order.order_id) + 2}"}


def _of_order(row: OrderRow, arrival: Arrival) -> dict[str, str]:
    order = row.order
    creator, name, form = _CREATORS[int(order.order_id) % 2]
    is_new = order.created_at.date() == arrival.exported_at.date()
    return {
        "主订单编号": order.order_id,
        "支付方式": "抖音支付" if row.paid_at else "-",
        "订单提交时间": f"{order.created_at}",
        "支付完成时间": f"{row.paid_at}" if row.paid_at else "-",
        "订单完成时间": f"{order.finished_at}" if row.status == "交易完成" else "-",
        "APP渠道": "抖音",
        "订单状态": _STATUS[row.status],
        "收件人": "##aGVsbG8=##1##",
        "收件人手机号": "$$MTIzNDU2$$1$$",
        "省": order.person.region[0],
        "达人ID": creator,
        "达人昵称": name,
        "流量来源": "自营" if creator == _CREATORS[0][0] else "精选联盟",
        "流量体裁": "数据将于第二天更新" if is_new else form,
    }


def _tabbed(cells: dict[str, str], header: tuple[str, ...]) -> dict[str, str]:
    texts = {name: cells.get(name, "-") for name in header}
    return {name: text if name in _AMOUNTS else f"\t{text}" for name, text in texts.items()}
