"""Alipay 支付宝: the merchant's bill, which controls the amounts the shops report, and a person's bill."""

from followthrough.contracts.export import Platform
from followthrough.platforms.alipay.bill import BILL, BILL_SUMMARY
from followthrough.platforms.alipay.personal_bill import PERSONAL_BILL

PLATFORM = Platform(name="alipay", label="支付宝", exports=(BILL, BILL_SUMMARY, PERSONAL_BILL))
