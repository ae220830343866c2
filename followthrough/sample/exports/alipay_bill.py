"""Bytes of Alipay's daily bill: a zip of two GB18030 files with # lines, TABs and totals in words."""

from __future__ import annotations

from followthrough.platforms import export
from followthrough.sample.deliveries.records import AlipayRow, Arrival
from followthrough.sample.exports.gbk_zip import gbk_zip
from followthrough.sample.exports.yuan import yuan

_ACCOUNT = "20880000000000000156"
_RULE = "-" * 41


def file_name(arrival: Arrival) -> str:
    """The file's name as the merchant platform gives it."""
    return f"{_ACCOUNT}_{arrival.night:%Y%m%d}.csv.zip"


def render(arrival: Arrival) -> bytes:
    """Zip the bill and its summary; for a day without trades, headers and zero totals."""
    rows = [row for row in arrival.records if isinstance(row, AlipayRow)]
    name = f"{_ACCOUNT}_{arrival.night:%Y%m%d}_业务明细"
    members = {f"{name}.csv": _bill(arrival, rows), f"{name}(汇总).csv": _summary(arrival, rows)}
    return gbk_zip(members, arrival.exported_at)


def _bill(arrival: Arrival, rows: list[AlipayRow]) -> bytes:
    header = export("alipay__bill").header
    lines = [",".join(_values(row).get(name, "\t") for name in header) for row in rows]
    paid, back = _sum(rows, is_refund=False), _sum(rows, is_refund=True)
    refunds = sum(row.refund is not None for row in rows)
    totals = [
        f"#交易合计：{len(rows) - refunds}笔，商家实收共{paid}元，商家优惠共0.00元",
        f"#退款合计：{refunds}笔，商家实收退款共{back}元，商家优惠退款共0.00元",
    ]
    return _framed(arrival, "明细", [",".join(header), *lines], totals)


def _summary(arrival: Arrival, rows: list[AlipayRow]) -> bytes:
    header = export("alipay__bill_summary").header
    refunds = sum(row.refund is not None for row in rows)
    net = yuan(sum(row.fen - _fee_fen(row) for row in rows))
    counts = {
        "交易订单总笔数": f"{len(rows) - refunds}",
        "退款订单总笔数": f"{refunds}",
        "实收净额（元）": net,
    }
    stores = [{"门店编号": "ONLINE\t", "门店名称": "网店", **counts}, {"门店编号": "合计\t", **counts}]
    lines = [",".join(store.get(name, "") for name in header) for store in stores]
    return _framed(arrival, "汇总", [",".join(header), *lines], [])


def _framed(arrival: Arrival, what: str, table: list[str], totals: list[str]) -> bytes:
    day = f"{arrival.night:%Y年%m月%d日}"
    lines = [
        f"#支付宝业务{what}查询",
        f"#账号：[{_ACCOUNT}]",
        f"#起始日期：[{day} 00:00:00]   终止日期：[{day} 23:59:59]",
        f"#{_RULE}业务{what}列表{_RULE}",
        *table,
        f"#{_RULE}业务{what}列表结束{_RULE}",
        *totals,
        f"#导出时间：[{arrival.exported_at:%Y年%m月%d日 %H:%M:%S}]",
    ]
    return "".join(line + "\r\n" for line in lines).encode("gb18030")


def _values(row: AlipayRow) -> dict[str, str]:
    order, amount = row.order, yuan(row.fen)
    name = order.person.name[:1]
    return {
        "支付宝交易号": f"{order.transaction_id}\t",
        "商户订单号": f"{order.order_id}\t",
        "业务类型": "退款" if row.refund else "交易",
        "商品名称": " ".join(order.product.split()).replace(",", " ").replace('"', "") + "\t",
        "创建时间": f"{row.at}",
        "完成时间": f"{row.at}",
        "对方账户": f"*{name}({order.person.phone[:3]}***{order.person.phone[-2:]})\t",
        "订单金额（元）": amount,
        "商家实收（元）": amount,
        "退款批次号/请求号": f"{row.refund.refund_id}\t" if row.refund else "\t",
        "服务费（元）": yuan(-_fee_fen(row)),
        "备注": "订单" if row.refund is None else "退款",
    }


def _fee_fen(row: AlipayRow) -> int:
    """A fee of 0.6 %, cut to the fen; a refund returns its share of it."""
    return int(row.fen * 6 / 1000)


def _sum(rows: list[AlipayRow], is_refund: bool) -> str:
    return yuan(sum(row.fen for row in rows if (row.refund is not None) == is_refund))
