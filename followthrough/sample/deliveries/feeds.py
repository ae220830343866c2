"""The feeds of the business: each is one kind of file from one source."""

from typing import NamedTuple

from followthrough.sample.world.accounts import DOUDIAN, JD, TAOBAO
from followthrough.sample.world.operator_sheets import SHEETS


class Feed(NamedTuple):
    """One kind of file of one source."""

    source: str
    kind: str


CONTACTS = Feed("wecom_main", "contacts")
FOLLOWERS = Feed("wechat_oa_main", "followers")
USER_SUMMARY = Feed("wechat_oa_main", "user_summary")
ARTICLE_TOTALS = Feed("wechat_oa_main", "article_totals")
CLUES = Feed("ocean_engine_main", "clues")
NOTES = Feed("xiaohongshu_main", "notes")
SURVEY = Feed("jinshuju_survey", "survey")
LEAD_FORM = Feed("jinshuju_leads", "lead_form")
BILL = Feed("wechat_pay_main", "bill")
ALIPAY_BILL = Feed("alipay_main", "alipay_bill")
MOSS_REFUNDS = Feed("youzan_moss", "refunds")
PINE_REFUNDS = Feed("youzan_pine", "refunds")
MOSS_TRADES = Feed("youzan_moss", "salesman_trades")
PINE_TRADES = Feed("youzan_pine", "salesman_trades")
MOSS_ORDERS = Feed("youzan_moss", "orders")
PINE_ORDERS = Feed("youzan_pine", "orders")
TAOBAO_ORDERS = Feed(TAOBAO, "taobao_orders")
TRADE_RATINGS = Feed(TAOBAO, "trade_ratings")
JD_ORDERS = Feed(JD, "jd_orders")
DOUDIAN_ORDERS = Feed(DOUDIAN, "doudian_orders")
AFTERSALES = Feed(DOUDIAN, "aftersales")
SETTLEMENTS = Feed(DOUDIAN, "settlements")

OPERATORS = {Feed("sheets_main", f"sheet_{sheet}"): sheet for sheet in SHEETS}
