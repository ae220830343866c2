"""Bytes of the WeChat Pay trade bill (ALL): back-ticked cells, no quotes, two lines of totals."""

from __future__ import annotations

from followthrough.platforms import export
from followthrough.sample.deliveries.records import Arrival, BillRow
from followthrough.sample.exports.yuan import yuan
from followthrough.sample.world.accounts import APPID, MERCHANT
from followthrough.sample.world.entities import Refund

_TOTALS = (
    "总交易单数",
    "应结订单总金额",
    "退款总金额",
    "充值券退款总金额",
    "手续费总金额",
    "订单总金额",
    "申请退款总金额",
)


def file_name(arrival: Arrival) -> str:
    """The file's name as the merchant platform gives it."""
    return f"{MERCHANT}All{arrival.night}.csv"


def render(arrival: Arrival) -> bytes:
    """Write the bill; for a day without trades, a header and zero totals."""
    header = export("wechat_pay__bill").header
    rows = [row for row in arrival.records if isinstance(row, BillRow)]
    lines = [",".join(header)]
    for row in rows:
        values = _refund(row, row.refund) if row.refund else _payment(row)
        lines.append(_ticked([values[name] for name in header]))
    lines += [",".join(_TOTALS), _ticked(_totals(rows))]
    return "".join(line + "\r\n" for line in lines).encode()


def _ticked(cells: list[str]) -> str:
    return ",".join("`" + cell for cell in cells)


def _trade(row: BillRow) -> dict[str, str]:
    order = row.order
    return {
        "交易时间": f"{row.at}",
        "公众账号ID": APPID,
        "商户号": MERCHANT,
        "特约商户号": "0",
        "设备号": "",
        "微信订单号": order.transaction_id,
        "商户订单号": order.order_id,
        "用户标识": order.person.openid,
        "交易类型": "JSAPI",
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "代金券金额": "0.00",
        "充值券退款金额": "0.00",
        "商品名称": " ".join(order.product.split()),
        "商户数据包": "",
        "手续费": _five_decimals(_fee_fen(row)),
        "费率": "0.60%",
        "费率备注": "",
    }


def _payment(row: BillRow) -> dict[str, str]:
    paid = yuan(row.order.payable_fen)
    return {
        **_trade(row),
        "交易状态": "SUCCESS",
        "应结订单金额": paid,
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款金额": "0.00",
        "退款类型": "",
        "退款状态": "",
        "订单金额": paid,
        "申请退款金额": "0.00",
    }


def _refund(row: BillRow, refund: Refund) -> dict[str, str]:
    back = yuan(refund.fen)
    return {
        **_trade(row),
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "微信退款单号": f"503{row.at:%Y%m%d}{refund.refund_id[:17]}",
        "商户退款单号": refund.refund_id,
        "退款金额": back,
        "退款类型": "ORIGINAL",
        "退款状态": "SUCCESS",
        "订单金额": "0.00",
        "申请退款金额": back,
    }


def _totals(rows: list[BillRow]) -> list[str]:
    paid = yuan(sum(row.order.payable_fen for row in rows if row.refund is None))
    back = yuan(sum(row.refund.fen for row in rows if row.refund))
    fee = _five_decimals(sum(map(_fee_fen, rows)))
    return [str(len(rows)), paid, back, "0.00", fee, paid, back]


def _fee_fen(row: BillRow) -> int:
    """A fee of 0.6 %, rounded half up to a fen; a refund returns its share of it."""
    if row.refund:
        return -((row.refund.fen * 6 + 500) // 1000)
    return (row.order.payable_fen * 6 + 500) // 1000


def _five_decimals(fen: int) -> str:
    return f"{yuan(fen)}000"
