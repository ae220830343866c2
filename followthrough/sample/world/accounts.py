"""The accounts the business has with its platforms: shops, an app, a company, a merchant."""

SHOPS = ("youzan_moss", "youzan_pine")
TAOBAO, JD, DOUDIAN = "taobao_main", "jd_main", "doudian_main"
SHOP_ACCOUNTS = {TAOBAO: "moss_tmall", JD: "moss_jd"}
"""The issuer of buyers' nicknames, per platform."""
OPEN_ACCOUNT = "open_main"
APPID = "wx8a1d3c5e7f901234"
CORP = "wwc0rp5a3d7e"
MERCHANT = "1900000109"
