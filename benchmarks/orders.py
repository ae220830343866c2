"""A big Youzan order export; equal arguments give equal files.

All 60 columns are filled as in the sample; ids are plain, a third of the phones is masked, some remarks hold
commas and quotes, and every row is valid.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import duckdb

from followthrough.platforms import export

NAME = "orders.{encoding}.csv"
_CHUNK = 1 << 22
_YUAN = "printf('%d.%02d', {fen} // 100, {fen} % 100)"
_CELLS = {
    "订单号": "'E' || strftime(created_at, '%Y%m%d%H%M%S') || printf('%010d', i)",
    "销售渠道": "'网店'",
    "归属店铺": "'苔原官方商城'",
    "订单类型": "if(dice % 50 = 0, '拼团订单', '普通订单')",
    "订单状态": "if(dice % 9 = 0, '交易关闭', if(dice % 4 = 0, '已发货', '交易完成'))",
    "订单来源": "if(dice % 3 = 0, '浏览器', '微信小程序')",
    "订单创建时间": "strftime(created_at, '%Y-%m-%d %H:%M:%S')",
    "买家付款时间": "strftime(created_at + to_seconds(60 + dice % 900), '%Y-%m-%d %H:%M:%S')",
    "交易成功时间": "if(dice % 4 = 0, '', strftime(created_at + to_days(9), '%Y-%m-%d %H:%M:%S'))",
    "付款方式": "if(dice % 3 = 0, '支付宝', '微信支付')",
    "支付流水号": "'42000' || printf('%023d', i * 7919)",
    "商品金额合计": _YUAN.format(fen="(goods + 500)"),
    "运费": "if(dice % 10 = 0, '8.00', '0.00')",
    "店铺优惠合计": "'5.00'",
    "应收订单金额": _YUAN.format(fen="goods"),
    "订单实付金额": _YUAN.format(fen="goods"),
    "支付优惠合计": "'0.00'",
    "订单实收金额": _YUAN.format(fen="goods"),
    "全部商品名称": "['松针净澈洁面乳(1件)', '苔原保湿面霜(2件)', '云杉修护精华,30ml(1件)'][1 + dice % 3]",
    "商品种类数": "'1'",
    "订单配送方式": "'快递'",
    "收货人省份": "['四川省', '上海市', '广东省'][1 + dice % 3]",
    "收货人城市": "['成都市', '上海市', '深圳市'][1 + dice % 3]",
    "收货人地区": "['武侯区', '徐汇区', '南山区'][1 + dice % 3]",
    "详细收货地址/提货地址": "'梧桐街' || (1 + dice % 400) || '号' || (1 + dice % 30) || '幢'",
    "收货人/提货人": "'胡' || if(dice % 3 = 0, '**', '帆琪')",
    "收货人手机号/提货人手机号": "if(dice % 3 = 0, masked, phone)",
    "买家备注": """['', '', '', '', '周末送', '送朋友的,别放小票', '要"轻"系列'][1 + dice % 7]""",
    "订单星级": "' '",
    "买家昵称": "'胡**'",
    "买家是否会员": "if(dice % 5 = 0, '是', '否')",
    "买家手机号": "if(dice % 3 = 0, masked, phone)",
    "订单已退款金额": "if(dice % 9 = 0, " + _YUAN.format(fen="goods") + ", '0.00')",
    "订单佣金金额": "'0.00'",
}
_ELSE = "'——'"


def write(
    folder: Path,
    rows: int,
    encodings: Sequence[str] = ("utf-8", "gb18030"),
    day: date = date(2026, 9, 1),
    days: int = 1,
) -> None:
    """Write the export into ``folder`` once per encoding: orders of so many days, the last is ``day``.

    There are a third as many people as orders; orders of other days are other orders.
    """
    first = day - timedelta(days=days - 1)
    header = export("youzan__orders").header
    body = folder / "body.csv"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            COPY (
                WITH numbers AS (
                    SELECT i, CAST(hash(i) % 1000003 AS BIGINT) AS dice FROM range({rows}) AS r(i)
                ), drawn AS (
                    SELECT i, dice, 990 + dice * 7 % 40000 AS goods,
                        '139' || printf('%08d', hash(i, 2) % ({rows} // 3 + 1)) AS phone,
                        TIMESTAMP '{first}' + to_seconds(CAST(i * 86400 * {days} // {rows} AS BIGINT))
                            AS created_at
                    FROM numbers
                ), people AS (
                    SELECT *, left(phone, 3) || '****' || right(phone, 4) AS masked FROM drawn
                )
                SELECT {", ".join(f"{_CELLS.get(name, _ELSE)} AS c{n}" for n, name in enumerate(header))}
                FROM people
            ) TO '{body}' (FORMAT csv, HEADER false)
            """
        )
    with ExitStack() as stack:
        text = stack.enter_context(body.open(encoding="utf-8", newline=""))
        files = [
            stack.enter_context((folder / NAME.format(encoding=e)).open("w", encoding=e, newline=""))
            for e in encodings
        ]
        chunk = ",".join(header) + "\n"
        while chunk:
            for file in files:
                file.write(chunk)
            chunk = text.read(_CHUNK)
    body.unlink()
