"""Invented people: names, phones, platform identifiers, addresses."""

from __future__ import annotations

import string
from random import Random

from followthrough.sample.world.entities import Person
from followthrough.sample.world.random_streams import rng

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹"
_GIVEN = "安柏晨初丹恩帆歌涵嘉可岚麦宁欧佩琪然思彤薇心雅云舟卓子沐言景"
_REGIONS = (
    ("浙江省", "杭州市", "西湖区"),
    ("广东省", "深圳市", "南山区"),
    ("四川省", "成都市", "武侯区"),
    ("北京市", "北京市", "朝阳区"),
    ("上海市", "上海市", "徐汇区"),
    ("湖北省", "武汉市", "洪山区"),
)
_STREETS = ("文三路", "人民南路", "科技园路", "梧桐街", "长青巷")
_TOKEN = string.ascii_letters + string.digits + "_-"
_PHONE_STEP = 104_729  # odd and no multiple of 5, so that 10^8 indexes give distinct phones


def make_person(seed: int, index: int, life: str, family_of: Person | None = None) -> Person:
    """Person number `index`; shares the phone of `family_of`."""
    stream = rng(seed, index, "person")
    return Person(
        person_id=f"p{index:05d}",
        name=stream.choice(_SURNAMES) + "".join(stream.sample(_GIVEN, stream.choice((1, 2, 2)))),
        life=life,
        phone=family_of.phone if family_of else _phone(stream, seed, index),
        unionid="o" + _token(stream, 27),
        openid="o" + _token(stream, 27),
        external_userid="wm" + _token(stream, 30),
        region=stream.choice(_REGIONS),
        street=f"{stream.choice(_STREETS)}{stream.randint(1, 399)}号{stream.randint(1, 30)}幢",
    )


def _phone(stream: Random, seed: int, index: int) -> str:
    prefix = stream.choice(("136", "138", "150", "159", "177", "186", "189"))
    return f"{prefix}{(index * _PHONE_STEP + seed * 7) % 10**8:08d}"


def _token(stream: Random, length: int) -> str:
    return "".join(stream.choices(_TOKEN, k=length))
