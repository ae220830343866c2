"""Bytes of the JD order export: GBK, one row per SKU, the amounts of the order in every row."""

from __future__ import annotations

from collections.abc import Iterator

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, OrderRow
from followthrough.sample.exports.delimited import delimited
from followthrough.sample.exports.yuan import yuan
from followthrough.sample.world.operator_sheets import PRODUCT_CODES

_STATUS = {
    "待付款": "等待付款",
    "待发货": "等待出库",
    "已发货": "等待确认收货",
    "交易完成": "完成",
    "交易关闭": "已取消",
}
_REFERENCE_ONLY = "（系统计算中，该值仅供参考）"


def file_name(arrival: Arrival) -> str:
    """The file's name as the merchant desk gives it."""
    return f"订单导出_{arrival.night:%Y%m%d}.csv"


def render(arrival: Arrival) -> bytes:
    """Write the export; every third order has a gift, in a separate row."""
    header = export("jd__orders").header
    rows = [cells for row in arrival.records if isinstance(row, OrderRow) for cells in _rows(row)]
    return delimited(header, rows).encode("gbk")


def _rows(row: OrderRow) -> Iterator[dict[str, str]]:
    order, product = row.order, row.order.product.replace("\n", " ")
    price = order.goods_fen // order.quantity
    yield _of_order(row) | _of_item("100012345601", PRODUCT_CODES[product], product, order.quantity, price)
    if int(order.order_id) % 3 == 0:
        yield _of_order(row) | _of_item("100012345699", "", "赠品 起泡网", 1, 0)


def _of_item(item: str, code: str, name: str, quantity: int, price: int) -> dict[str, str]:
    cells = {"商品ID": item, "货号": code, "商品名称": name, "订购数量": f"{quantity}"}
    return cells | {"京东价": yuan(price)}


def _of_order(row: OrderRow) -> dict[str, str]:
    order, person = row.order, row.order.person
    pin = person.nick
    return {
        "订单号": order.order_id,
        "支付方式": "在线支付",
        "下单时间": f"{order.created_at}",
        "订单金额": yuan(order.goods_fen),
        "结算金额": yuan(order.payable_fen),
        "余额支付": "0.00",
        "应付金额": yuan(order.payable_fen),
        "订单状态": _STATUS[row.status],
        "订单类型": "SOP",
        "下单帐号": f"{pin[0]}******{pin[-1]}" if order.phone_shown == "masked" else pin,
        "客户姓名": f"{person.name[0]}**",
        "客户地址": "".join(person.region) + "****",
        "联系电话": f"1******{person.phone[-4:]}",
        "运费金额": yuan(order.freight_fen),
        "付款确认时间": f"{row.paid_at}" if row.paid_at else "",
        "订单完成时间": f"{order.finished_at}" if row.status == "交易完成" else "",
        "商家应收": f"{yuan(order.payable_fen)}{_REFERENCE_ONLY}",
    }
