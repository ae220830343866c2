"""Whatever is wrong in the configuration is named by file and entry, before anything runs."""

import re
from datetime import date, time
from pathlib import Path

import pytest

from followthrough.errors import ConfigError
from followthrough.paths import PROJECT
from followthrough.settings import from_environment

GOOD = """
[shops]
moss = "苔原"
[brands]
green = "绿"
[sources.shop]
platform = "youzan"
label = "商城"
shop_id = "moss"
brand_id = "green"
[sources.account]
platform = "wechat_oa"
label = "公众号"
transport = "sample:"
issuers = { app_id = "wx1", open_platform = "open" }
"""


@pytest.fixture
def read(tmp_path):
    def read(text=GOOD, **environment):
        (tmp_path / "my.toml").write_text(text, "utf-8")
        return from_environment({"FOLLOWTHROUGH_SOURCES": str(tmp_path / "my.toml"), **environment})

    return read


def test_a_reading_is_named_by_what_a_source_says_of_its_files_in_any_order(read):
    one = read().source("account")
    other = read(
        GOOD.replace('app_id = "wx1", open_platform = "open"', 'open_platform = "open", app_id = "wx1"')
    )
    assert other.source("account").reading == one.reading
    assert read(GOOD.replace('"wx1"', '"wx2"')).source("account").reading != one.reading
    assert read(GOOD.replace("公众号", "另一个名字")).source("account").reading == one.reading


def test_a_sources_file_says_what_a_source_is(read):
    found = read()
    shop, account = found.sources
    assert (shop.id, shop.platform, shop.shop_id, shop.brand_id) == ("shop", "youzan", "moss", "green")
    assert (shop.transport, shop.is_sample, account.is_sample) == ("inbox", False, True)
    assert found.source("account").issuers == {"app_id": "wx1", "open_platform": "open"}
    assert (found.shops, found.brands) == ({"moss": "苔原"}, {"green": "绿"})
    assert found.used_platforms == ["wechat_oa", "youzan"]


def test_without_environment_the_project_runs_its_sample():
    found = from_environment({})
    assert found.home.root == PROJECT / "data"
    assert all(source.is_sample for source in found.sources)
    assert found.sample.first_night == date(2026, 9, 1)
    assert (found.lock_wait_seconds, found.settle_seconds) == (30, 30)


def test_the_environment_moves_home_and_waits(read, tmp_path):
    found = read(
        FOLLOWTHROUGH_HOME=str(tmp_path / "there" / ".." / "home"),
        FOLLOWTHROUGH_SETTLE_SECONDS="0.5",
        FOLLOWTHROUGH_LOCK_WAIT_SECONDS="2",
    )
    assert (found.home.root, found.settle_seconds, found.lock_wait_seconds) == (tmp_path / "home", 0.5, 2)


def test_sources_of_a_platform_come_in_order():
    assert [s.id for s in from_environment({}).sources_of("youzan")] == ["youzan_moss", "youzan_pine"]


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ('"youzan"', '"amazon"', "[sources.shop] platform 'amazon' is not declared", "use one of: "),
        ('"sample:"', '"ftp"', "[sources.account] transport 'ftp' is unknown", "use one of: inbox"),
        ('"sample:"', '"sftp:"', "[sources.account] transport 'sftp:' needs connection", "add connection"),
        ('"sample:"', '"s3:"\nconnection = "store"', "transport 's3:' needs folder", "add folder"),
        ('"sample:"', '"sample:"\nfolder = "/out"', "transport 'sample:' has no folder", "remove folder"),
        ('"sample:"', '"api:"', "transport 'api:' needs connection", "add connection"),
        ('"sample:"', '"sample:"\nsince = 2026-09-01', "since = ", "of an interface only"),
        ('"sample:"', '"api:"\nconnection = "oa"\nsince = "yesterday"', "since = 'yesterday'", "a day like"),
        ('"youzan"', '"youzan"\ntransport = "api:"\nconnection = "x"', "'youzan' has no interface", "inbox"),
        (
            'app_id = "wx1", ',
            "",
            "[sources.account] does not say who issued its identifiers",
            "issuers.app_id",
        ),
        ('"open"', '""', "[sources.account] does not say who issued", 'add issuers.open_platform = "…"'),
        ('"moss"', '"pine"', "[sources.shop] shop_id 'pine' has no name", "add it under [shops]"),
        ('"green"', '"red"', "[sources.shop] brand_id 'red' has no name", "add it under [brands]"),
        ("sources.shop", "sources.Shop-1", "source 'Shop-1'", "name sources with a-z, 0-9 and _ only"),
        ("sources.shop", 'sources."../x"', "source '../x'", "name sources with a-z"),
        ("sources.shop", "sources._", "source '_'", "name sources with a-z"),
        ("sources.shop", 'sources."商城"', "source '商城'", "name sources with a-z"),
        ('label = "商城"', 'lable = "商城"', "[sources.shop] lable is unknown", "use one of: "),
        ('label = "商城"', "", "[sources.shop] has no label", 'add label = "…"'),
        ('platform = "youzan"\n', "", "[sources.shop] has no platform", 'add platform = "…"'),
        ('label = "商城"', "label", "my.toml: ", "mend the TOML at the line named"),
        ("[shops]", "sources = 3\n[shops]", "my.toml: ", "mend the TOML"),
        ("[shops]", "[sample]\npeple = 3\n[shops]", "[sample] peple = 3", "see sources.toml"),
        ("[shops]", "[sample]\npeople = '3'\n[shops]", "[sample] people = '3'", "see sources.toml"),
        ("[shops]", "[sample]\nfirst_night = '2026-09-01'\n[shops]", "[sample] first_night = ", "see"),
        (GOOD, f"keepers = '周数据'\n{GOOD}", "keepers = '周数据'", "write a list of names"),
        ("[shops]", "sample = 3\n[shops]", "sample is not a table", "write it as [sample]"),
        (GOOD, "sources = 3", "sources is not a table", "write it as [sources]"),
        (GOOD, "", "no [sources.<id>] table", "declare at least one source"),
        (GOOD, "[sources]\nshop = 3", "[sources.shop]", "see sources.toml"),
        (GOOD, "[sources.shop]\nplatform='wechat_oa'\nlabel='x'\nissuers='y'", "[sources.shop]", "issuers"),
        (GOOD, "[sources.poll]\nplatform='jinshuju'\nlabel='x'", "[sources.poll] form.kind", "survey, lead"),
        ('label = "商城"', 'label = "商城"\nform = { kind = "lead" }', "[sources.shop] form is for", "take"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_its_remedy(read, tmp_path, old, new, message, remedy):
    with pytest.raises(ConfigError) as wrong:
        read(GOOD.replace(old, new))
    assert wrong.value.message.startswith(f"{tmp_path / 'my.toml'}: ")
    assert message in wrong.value.message
    assert remedy in wrong.value.remedy


def test_a_missing_sources_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=re.escape("none.toml: no such file -> set FOLLOWTHROUGH_SOURCES")):
        from_environment({"FOLLOWTHROUGH_SOURCES": str(tmp_path / "none.toml")})


def test_the_night_runs_at_half_past_seven_or_when_the_team_says(read):
    assert read().night_at == time(7, 30)
    assert read(FOLLOWTHROUGH_NIGHT_AT="6:05").night_at == time(6, 5)


@pytest.mark.parametrize("told", ["24:00", "7", "soon", "07:30:00"])
def test_a_night_at_no_time_of_day_is_named(read, told):
    with pytest.raises(ConfigError, match="FOLLOWTHROUGH_NIGHT_AT is no time of day -> write it like 07:30"):
        read(FOLLOWTHROUGH_NIGHT_AT=told)


@pytest.mark.parametrize("name", ["FOLLOWTHROUGH_SETTLE_SECONDS", "FOLLOWTHROUGH_LOCK_WAIT_SECONDS"])
def test_a_wait_that_is_no_number_is_named(read, name):
    with pytest.raises(ConfigError, match=f"{name} is not a number"):
        read(**{name: "soon"})


OUTSIDE = """
from dataclasses import replace
from followthrough.contracts.export import Platform
from followthrough.platforms.youzan.orders import ORDERS
PLATFORM = Platform("{name}", "自有", (replace(ORDERS, platform="{name}", recognise={names}),))
"""


def test_platforms_of_a_folder_outside_are_found(read, tmp_path):
    folder = tmp_path / "platforms"
    folder.mkdir()
    (folder / "till.py").write_text(OUTSIDE.format(name="till", names='("till_no",)'), "utf-8")
    found = read(GOOD.replace('"youzan"', '"till"'), FOLLOWTHROUGH_PLATFORMS=str(folder))
    assert found.outside == (folder,)
    assert "till__orders" in found.exports
    assert "youzan__orders" in found.exports
    assert list(found.platforms) == sorted(found.platforms)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("from followthrough.contract import Export", "No module named 'followthrough.contract' -> "),
        (
            f"{OUTSIDE.format(name='till', names='ORDERS.recognise')}\nreplace(ORDERS, quiet=True)",
            "unexpected keyword argument 'quiet' -> docs/changelog.md lists",
        ),
    ],
)
def test_a_declaration_in_the_words_of_the_version_before_is_named_with_where_to_look(
    read, tmp_path, written, message
):
    folder = tmp_path / "platforms"
    folder.mkdir()
    (folder / "till.py").write_text(written, "utf-8")
    with pytest.raises(ConfigError, match=f"till.py: .*{message}"):
        read(FOLLOWTHROUGH_PLATFORMS=str(folder))


def test_the_old_name_of_who_is_on_call_works_with_a_notice(read):
    with pytest.warns(FutureWarning, match="keepers is called on_call now"):
        assert read(f"keepers = ['周数据']\n{GOOD}").on_call == ("周数据",)


@pytest.mark.parametrize(
    ("name", "names", "message"),
    [
        ("youzan", '("till_no",)', "two platform modules declare the same name -> rename one of them"),
        ("till", "ORDERS.recognise", "are recognised by the same names -> add a name only one of them has"),
    ],
)
def test_platforms_that_cannot_be_told_apart_are_refused(read, tmp_path: Path, name, names, message):
    folder = tmp_path / "platforms"
    folder.mkdir()
    (folder / "till.py").write_text(OUTSIDE.format(name=name, names=names), "utf-8")
    with pytest.raises(ConfigError, match=message):
        read(FOLLOWTHROUGH_PLATFORMS=str(folder))
