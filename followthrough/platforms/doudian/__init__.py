"""Douyin shop 抖店: orders by line, after-sale cases and settlements. Its files do not identify buyers."""

from followthrough.contracts.export import Platform
from followthrough.platforms.doudian.aftersales import AFTERSALES
from followthrough.platforms.doudian.orders import ORDERS
from followthrough.platforms.doudian.settlements import SETTLEMENTS

PLATFORM = Platform(name="doudian", label="抖店", exports=(ORDERS, AFTERSALES, SETTLEMENTS))
