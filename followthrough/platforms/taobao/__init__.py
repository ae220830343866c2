"""Taobao and Tmall 淘宝天猫: the order list sellers download, and the ratings of the open platform."""

from followthrough.contracts.export import Platform
from followthrough.platforms.taobao.interface import INTERFACE
from followthrough.platforms.taobao.orders import ORDERS
from followthrough.platforms.taobao.trade_ratings import TRADE_RATINGS

PLATFORM = Platform(
    name="taobao",
    label="淘宝天猫",
    exports=(ORDERS, TRADE_RATINGS),
    settings=("shop_account",),
    interface=INTERFACE,
)
