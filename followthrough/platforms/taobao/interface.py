"""Taobao's open platform: every call is signed and sent with the session of a shop.

A session results from the seller's authorisation of the app. It is valid as long as the app's service is paid
for, and only the seller can renew it.
"""

from followthrough.contracts.api import Codes, Interface, Signature

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
