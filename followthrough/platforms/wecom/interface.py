"""The API of WeCom: its token, and the meaning of its error codes."""

from followthrough.contracts.api import Codes, Interface, Token

INTERFACE = Interface(
    base_url="https://qyapi.weixin.qq.com",
    token=Token("GET", "/cgi-bin/gettoken", {"corpid": "{login}", "corpsecret": "{password}"}),
    codes=Codes(
        token=("40014", "42001"),
        busy={"-1": 0, "45009": 60, "45033": 5},
        remedies={
            "40001": "check the secret of the app, the password of the connection",
            "40013": "check the corp id, the login of the connection",
            "48002": "let the app call the interface (客户联系 > API > 可调用接口的应用)",
            "60011": "let the app see the colleagues (应用管理 > 可见范围)",
            "60020": "add this machine's address to the app's trusted addresses (企业可信IP)",
            "84061": "no colleague has a customer yet, or the app may not see them",
        },
    ),
    calls_per_minute=300,
    source="developer.work.weixin.qq.com/document/path/92994 (errors: path/90313)",
)
