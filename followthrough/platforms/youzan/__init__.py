"""Youzan 有赞: the shop of most private-domain teams; order files, API answers of refunds and referrals."""

from followthrough.contracts.export import Platform
from followthrough.platforms.youzan.orders import ORDERS
from followthrough.platforms.youzan.refunds import REFUNDS
from followthrough.platforms.youzan.salesman_trades import SALESMAN_TRADES

PLATFORM = Platform(name="youzan", label="有赞", exports=(ORDERS, REFUNDS, SALESMAN_TRADES))
