"""The API of official accounts: a token in the address, errors in answers with status HTTP 200.

A day is complete from 08:00 of the next.
"""

# The stable token is used, because fetching it does not invalidate the token of another program.

from datetime import time

from followthrough.contracts.api import Codes, Interface, Token

READY = time(8)

INTERFACE = Interface(
    base_url="https://api.weixin.qq.com",
    token=Token(
        "POST",
        "/cgi-bin/stable_token",
        {"grant_type": "client_credential", "appid": "{login}", "secret": "{password}"},
    ),
    codes=Codes(
        token=("40001", "40014", "42001"),
        busy={"-1": 0, "45011": 60},
        remedies={
            "40001": "check the AppSecret, the password of the connection",
            "40013": "check the AppID, the login of the connection",
            "40125": "check the AppSecret, the password of the connection; a new one replaces it at once",
            "40164": "add this machine's address to the account's IP whitelist (设置与开发 > 开发接口管理)",
            "45009": "the day's quota is used up; it begins anew at midnight",
            "48001": "the account has no right to this interface; set the export's cadence to on_demand",
            "50002": "the account is restricted; see its notices",
            "61501": "the day is not over, or before 2014-12-01; check since in the sources file",
        },
    ),
    calls_per_minute=600,
    source="developers.weixin.qq.com/doc/service/api (errors: doc/oplatform/developers/errCode)",
)
