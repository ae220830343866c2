"""How Taobao's open platform is asked: every call is signed, on behalf of the shop whose session it holds.

The session is what the seller's authorisation of the app gave; it lives as long as the app's service is
paid for and cannot be renewed without the seller.
"""

from followthrough.interface import Codes, Interface, Signature

_AGAIN = "let the seller authorise the app again, and put the new session into the connection"

INTERFACE = Interface(
    base_url="https://gw.api.taobao.com",
    send={
        "app_key": "{login}",
        "session": "{session}",
        "format": "json",
        "v": "2.0",
        "sign_method": "hmac-sha256",
    },
    signature=Signature(key="{password}", sent_as="sign", sent_at_as="timestamp"),
    codes=Codes(
        at=("$.error_response.code", "$.error_response.sub_code"),
        message="$.error_response.msg",
        busy={
            "7": 5,
            "isp.service-unavailable": 5,
            "isp.remote-service-timeout": 5,
            "isp.remote-connection-timeout": 5,
        },
        remedies={
            "11": "let the app apply for this interface",
            "25": "check the AppSecret, the password of the connection",
            "26": _AGAIN,
            "27": _AGAIN,
            "29": "check the AppKey, the login of the connection",
        },
    ),
    calls_per_minute=300,
    source="developer.alibaba.com/docs/doc.htm?articleId=101617&docType=1",
)
