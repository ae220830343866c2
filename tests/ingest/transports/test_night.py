"""A night whose sources are servers, run as people run it, with credentials from the environment."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from followthrough.clock import night_before, now
from followthrough.paths import PROJECT

ORDERS = PROJECT / "tests" / "fixtures" / "youzan" / "orders.good.csv"
SOURCES = """
[shops]
shop = "商城"

[sources.oa]
platform = "wechat_oa"
label = "公众号"
transport = "api:"
connection = "canary_oa"
since = {since}
issuers = {{ app_id = "wx1", open_platform = "open" }}

[sources.corp]
platform = "wecom"
label = "企业微信"
transport = "api:"
connection = "canary_corp"
issuers = {{ corp_id = "ww1", open_platform = "open" }}

[sources.shop]
platform = "youzan"
label = "商城"
transport = "sftp:"
connection = "canary_shop"
folder = "{folder}"
shop_id = "shop"
"""


def as_environment(name, connection):
    """A connection as AIRFLOW_CONN_<ID> gives it."""
    said = asdict(connection)
    said["extra"] = said.pop("extra_dejson")
    return {f"AIRFLOW_CONN_{name.upper()}": json.dumps({"conn_type": "generic", **said})}


def tell_all(query, body):
    """An error that repeats what was sent."""
    return {"errcode": 60020, "errmsg": f"not allow to access from your ip, {query} {body}"}


@pytest.fixture
def night(tmp_path, sftp, serve, vendors):
    """The night before today, of an official account, a corp that refuses us, and a folder; what it said."""
    account, corp = vendors.OfficialAccount(now().date()), vendors.WeCom()
    corp.faults["/cgi-bin/externalcontact/get_follow_user_list"] = [tell_all] * 9
    (sftp.folder / "订单.csv").write_bytes(ORDERS.read_bytes())
    since = night_before(now()) - timedelta(days=3)
    (tmp_path / "sources.toml").write_text(SOURCES.format(since=since, folder=sftp.folder), "utf-8")
    shop = sftp.connection(password="canary-password")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
        **as_environment("canary_oa", serve(account)),
        **as_environment("canary_corp", serve(corp)),
        **as_environment("canary_shop", shop),
        "FOLLOWTHROUGH_HOME": str(tmp_path / "home"),
        "FOLLOWTHROUGH_SOURCES": str(tmp_path / "sources.toml"),
        "FOLLOWTHROUGH_SETTLE_SECONDS": "0.1",
    }
    command = Path(sys.executable).with_name("followthrough")
    done = subprocess.run([command, "night"], env=environment, capture_output=True, text=True, timeout=500)
    secrets = [
        account.account["password"],
        *account.tokens,
        *corp.tokens,
        "canary-password",
        sftp.private_key.splitlines()[1],
    ]
    return tmp_path / "home", done, secrets


def test_a_night_of_servers_is_published_and_tells_no_secret(night):
    home, done, secrets = night
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(home / "published/current/followthrough.duckdb"), read_only=True) as tables:
        counted = tables.execute(
            "select slug, sum(accepted) from trust.loads group by all order by all"
        ).fetchall()
    assert dict(counted)["wechat_oa__followers"] == 7
    assert dict(counted)["youzan__orders"] > 0
    assert "wecom__external_contacts" not in dict(counted)
    assert "60020: not allow to access from your ip" in done.stdout
    assert "企业可信IP" in done.stdout
    said = done.stdout + done.stderr
    assert [secret for secret in secrets if secret in said] == []
    files = [path for path in home.rglob("*") if path.is_file()]
    assert {"night.db", "airflow.log"} <= {path.name for path in files}
    assert {"reports", "runs", "loads", "dbt"} <= {path.relative_to(home).parts[0] for path in files}
    told = [(path, secret) for path in files for secret in secrets if secret.encode() in path.read_bytes()]
    assert told == []
