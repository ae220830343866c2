"""Bytes of the Youzan order export: 60 columns, one row per order, with all its variations by night."""

from __future__ import annotations

from datetime import datetime

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, OrderRow
from followthrough.sample.exports.yuan import yuan

_AMOUNTS = (
    "商品金额合计",
    "运费",
    "店铺优惠合计",
    "应收订单金额",
    "订单实付金额",
    "支付优惠合计",
    "订单实收金额",
    "订单已退款金额",
)
_SHOP_NAMES = {"youzan_moss": "苔原官方商城", "youzan_pine": "松间生活馆"}
_DAMAGED_CELLS = {"订单实付金额": "12x.00", "支付流水号": "4.20000E+27"}
_ORDER_TYPES = {
    "plain": "普通订单",
    "cash_on_delivery": "普通订单",
    "gift_sent": "送礼订单",
    "group_buying": "拼团订单",
    "lucky_bag": "抽奖订单",
    "trial": "试用订单",
    "presale_deposit": "定金预售订单",
    "distribution": "分销采购单",
    "giveaway": "赠品订单",
    "points_exchange": "积分兑换订单",
}
_NULL = "——"


def file_name(arrival: Arrival) -> str:
    """The file's name as the back office gives it."""
    return f"订单列表_{arrival.night}.csv"


def render(arrival: Arrival) -> bytes:
    """Write the export; day of month decides encoding, id wrapping and the summary row."""
    header = export("youzan__orders").header
    wrap = _wrapping(arrival.night.day)
    rows = [_values(row, wrap) for row in arrival.records if isinstance(row, OrderRow)]
    lines = [",".join(header)] + [_line(header, values) for values in rows]
    if arrival.night.day % 4 == 0:
        lines.append(_summary(header, rows))
    return _encode("".join(line + "\r\n" for line in lines), arrival.night.day)


def _encode(text: str, day: int) -> bytes:
    if day % 5 == 0:
        return text.encode("gb18030")
    return text.encode("utf-8-sig" if day % 3 == 0 else "utf-8")


def _wrapping(day: int) -> str:
    """The pattern ids are wrapped in, as spreadsheets and exports do to keep digits."""
    return {2: '="{}"', 4: "{}\t"}.get(day % 7, "{}")


def _values(row: OrderRow, wrap: str) -> dict[str, str]:
    values = {**_what(row, wrap), **_money(row), **_who(row)}
    if row.damaged:
        values[row.damaged] = _DAMAGED_CELLS[row.damaged]
    return values


def _what(row: OrderRow, wrap: str) -> dict[str, str]:
    order = row.order
    return {
        "订单号": wrap.format(order.order_id),
        "销售渠道": "网店",
        "归属店铺": _SHOP_NAMES[order.shop],
        "订单类型": _ORDER_TYPES[order.kind],
        "订单状态": row.status,
        "订单来源": "微信小程序" if order.is_wechat else "浏览器",
        "订单创建时间": f"{order.created_at}",
        "买家付款时间": _time(row.paid_at),
        "交易成功时间": _time(order.finished_at if row.status == "交易完成" else None),
        "付款方式": _method(row),
        "支付流水号": wrap.format(order.transaction_id) if row.paid_at else "",
        "全部商品名称": f"{order.product}({order.quantity}件)",
        "商品种类数": "1",
        "订单配送方式": "快递",
        "买家备注": order.remark,
        "订单星级": " ",
        "买家是否会员": "是" if order.person.life == "loyal" else "否",
        "订单退款状态": _refund_state(row),
        "订单佣金金额": "0.00",
    }


def _method(row: OrderRow) -> str:
    if row.order.kind == "cash_on_delivery":
        return "货到付款"
    return ("微信支付" if row.order.is_wechat else "支付宝") if row.paid_at else _NULL


def _money(row: OrderRow) -> dict[str, str]:
    order = row.order
    fen = (
        order.goods_fen,
        order.freight_fen,
        order.discount_fen,
        order.payable_fen,
        row.paid_fen,
        0,
        row.paid_fen,
        row.refunded_fen,
    )
    return dict(zip(_AMOUNTS, map(yuan, fen), strict=True))


def _who(row: OrderRow) -> dict[str, str]:
    person, shown = row.order.receiver or row.order.person, row.order.phone_shown
    masked = f"{person.phone[:3]}****{person.phone[-4:]}"
    buyer = {"full": person.phone, "masked": masked, "blank": ""}[shown]
    province, city, district = person.region
    return {
        "收货人省份": province,
        "收货人城市": city,
        "收货人地区": district,
        "详细收货地址/提货地址": person.street,
        "收货人/提货人": f"{person.name[0]}**" if shown == "masked" else person.name,
        "收货人手机号/提货人手机号": masked if shown == "masked" else person.phone,
        "买家昵称": f"{person.name[0]}**",
        "买家手机号": buyer,
    }


def _refund_state(row: OrderRow) -> str:
    if not row.refunded_fen:
        return _NULL
    return "全额退款成功" if row.refunded_fen >= row.paid_fen else "部分退款成功"


def _time(moment: datetime | None) -> str:
    return f"{moment}" if moment else ""


def _summary(header: tuple[str, ...], rows: list[dict[str, str]]) -> str:
    """The summary row: sums over the file, without amounts a spreadsheet cannot parse."""
    sums = {name: yuan(sum(_fen(values[name]) for values in rows)) for name in _AMOUNTS}
    return ",".join({"订单号": "合计", **sums}.get(name, "") for name in header)


def _fen(text: str) -> int:
    digits = text.replace(".", "")
    return int(digits) if digits.isdigit() else 0


def _line(header: tuple[str, ...], values: dict[str, str]) -> str:
    return ",".join(_cell(values.get(name, _NULL)) for name in header)


def _cell(text: str) -> str:
    """The cell, quoted where necessary; `="…"` stays unquoted, as the platforms write it."""
    if not text.startswith('="') and any(sign in text for sign in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
