"""The sheets kept by the operators: handed in at the start, and corrected later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from followthrough.sample.world.random_streams import rng

CORRECTED_ON = 33
"""Number of the night after which targets, campaigns and spend are handed in again."""

_CORRECTED = ("targets", "campaigns", "campaign_phases", "spend")
Rows = tuple[tuple[str, ...], ...]


def rows_of(sheet: str, number: int, seed: int, first_night: date) -> Rows:
    """The rows of a sheet handed in after the night with this number; none if it is not handed in then."""
    if number != 1 and not (number == CORRECTED_ON and sheet in _CORRECTED):
        return ()
    if sheet in _FIXED:
        return _FIXED[sheet]
    return _DATED[sheet](number, seed, first_night)


def _targets(number: int, seed: int, first_night: date) -> Rows:
    months = [first_night, (first_night.replace(day=1) + timedelta(days=32))][: 1 if number == 1 else 2]
    return tuple(
        (f"{month:%Y-%m}", shop, metric, fen, count)
        for month in months
        for shop, metric, fen, count in (
            ("youzan_moss", "净支付额", "12000.00", ""),
            ("youzan_pine", "净支付额", "10,000", ""),
            ("youzan_moss", "新增付费客户", "", "20"),
            ("youzan_pine", "新增付费客户", "", "18"),
        )
    )


def _campaigns(number: int, seed: int, first_night: date) -> Rows:
    first = (("member_day", f"{first_night:%m}月会员日", "会员日", "moss", "3000"),)
    big = (f"d11_{first_night:%Y}", f"{first_night:%Y} 双11", "平台大促", "", "80000.00")
    return first if number == 1 else (*first, big)


def _campaign_phases(number: int, seed: int, first_night: date) -> Rows:
    day, year = first_night + timedelta(days=8), first_night.year
    first = (("member_day", "爆发", f"{day} 10:00", f"{day} 23:59", "", "youzan_moss"),)
    big = (
        (f"d11_{year}", "预售", f"{year}-10-20 20:00", f"{year}-10-31 17:59", f"{year}-11-03 23:59", ""),
        (f"d11_{year}", "爆发", f"{year}-10-31 20:00", f"{year}-11-11 23:59", "", ""),
    )
    return first if number == 1 else (*first, *big)


def _spend(number: int, seed: int, first_night: date) -> Rows:
    """All days so far, because the newest sheet replaces the ones before."""
    rows: list[tuple[str, ...]] = []
    for night in (first_night + timedelta(days=each) for each in range(number)):
        stream = rng(seed, "spend", night)
        shown = stream.randint(8_000, 30_000)
        amount, clicks = f"{stream.randint(5_000, 40_000) / 100:.2f}", f"{shown // stream.randint(30, 90)}"
        rows.append(
            (f"{night}", "巨量广告", "广告消耗", amount, "youzan_moss", "", "", "", "", f"{shown}", clicks)
        )
        if night.isoweekday() == 5:
            rows.append(
                (
                    f"{night}",
                    "达人合作",
                    "坑位费",
                    "500",
                    "youzan_pine",
                    "pine",
                    "",
                    "lichen_girl",
                    "",
                    "",
                    "",
                )
            )
    return tuple(rows)


_DATED: dict[str, Callable[[int, int, date], Rows]] = {
    "targets": _targets,
    "campaigns": _campaigns,
    "campaign_phases": _campaign_phases,
    "spend": _spend,
}
_FIXED: dict[str, Rows] = {
    "shops": (
        ("youzan_moss", "苔原官方商城", "有赞", "moss", "苔原(上海)化妆品有限公司", "是"),
        ("youzan_pine", "松间生活馆", "有赞", "pine", "松间(杭州)生活用品有限公司", ""),
    ),
    "brands": (("moss", "苔原", "美妆个护"), ("pine", "松间", "美妆个护")),
    "entry_points": (
        ("inquiry_live", "咨询", "直播间", ""),
        ("inquiry_article", "咨询", "公众号文章", ""),
        ("package_card", "包裹卡", "随包裹卡片", ""),
        ("welfare_qr", "福利", "门店海报", ""),
    ),
    "exclusions": (
        ("员工", "13900000001", "", "", "仓库同事"),
        ("测试订单", "", "E20260901000000000000001", "", "上线前测试"),
    ),
    "products": (
        ("MOSS-CREAM-50", "苔原保湿面霜", "正价品", "面霜", "38.50", "60", "", ""),
        ("PINE-WASH-100", "松针净澈洁面乳", "正价品", "洁面", "17.20", "45", "", ""),
        ("SPRUCE-SERUM-30", "云杉修护精华,30ml", "正价品", "精华", "52", "60", "", ""),
        ("SNOW-SUN-40", '雪线防晒乳 "轻" 系列', "正价品", "防晒", "26.80", "50", "", ""),
        ("LICHEN-MASK-5", "地衣舒缓面膜 (5片装)", "正价品", "面膜", "12.40", "15", "", ""),
        ("BIRCH-HAND-30", "白桦护手霜", "正价品", "护手霜", "6.90", "40", "", ""),
        ("MOSS-TRAVEL-3", "苔原旅行三件套,含洁面、水、霜", "正价品", "套装", "41.00", "20", "", ""),
        ("PINE-SAMPLE", "松果试用小样", "正价品", "小样", "1.20", "7", "", ""),
        ("LUCKY-BAG", "直播间福袋", "福袋", "福袋", "", "", "", ""),
    ),
    "bundles": (
        ("MOSS-TRAVEL-3", "MOSS-CREAM-50", "1", "169.00"),
        ("MOSS-TRAVEL-3", "PINE-WASH-100", "1", "89.00"),
    ),
    "creators": (
        ("moss_studio", "苔原自播间", "自播", "62800000001", "v2_060000000001", "", "", "", "", ""),
        ("lichen_girl", "地衣少女", "达人", "62800000002", "", "63000000002", "", "500", "20%", "1.5"),
    ),
    "staff": (
        ("LinXiao", "林晓", "导购", "youzan_moss", "是", ""),
        ("ZhouYi", "周一", "客服", "", "是", ""),
        ("HeMiao", "何苗", "导购", "youzan_pine", "", "13900000002"),
    ),
}
SHEETS = (*_FIXED, *_DATED)
PRODUCT_CODES = {name: code for code, name, *_ in _FIXED["products"]}
"""The merchant's own code of each product, which shops write in their lines."""
