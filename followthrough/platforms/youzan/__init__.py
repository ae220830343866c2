"""Youzan 有赞: the shop of most private-domain teams; orders by file, refunds by the API's answers."""

from followthrough.contract import Platform
from followthrough.platforms.youzan.orders import ORDERS
from followthrough.platforms.youzan.refunds import REFUNDS

PLATFORM = Platform(name="youzan", label="有赞", exports=(ORDERS, REFUNDS))
