"""Every page as people see it: in a real browser, on phone and desk, light and dark, in both languages."""

import os
import re
import struct
from datetime import date, datetime

import pytest

from followthrough.paths import Home
from followthrough.reports.picture import MOST_BYTES, SCALE, WIDTH, browser, picture
from followthrough.reports.refresh import refresh_pages
from followthrough.settings import from_environment
from followthrough.versions.history import decide
from tests.builders.published_version import ARRIVED, BEFORE, NIGHT, ROWS, WEEK_AGO, feed, publish

CHROMIUM = browser("")
if not CHROMIUM and os.environ.get("CI") != "true":
    pytest.skip("no Chromium on this machine", allow_module_level=True)

PAGES = ("2026-09-30.html", "2026-W40.html", "2026-W39.html", "index.html")
VIEWS = {"phone": (390, 844), "large phone": (1080, 1920), "desk": (1440, 900)}
PARENT = "000001-2026-09-29"
LONG = "某某品牌官方旗舰店华东大区会员专享限时活动页面" * 3


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A night with everything a page has to find room for: gaps, corrections, long names, large sums."""
    home = Home(tmp_path_factory.mktemp("browser")).create()
    said = [row for row in ROWS["shop_daily"] if row[1] == WEEK_AGO]
    publish(home, PARENT, shop_daily=said, trusted={"freshness": [feed("moss", "苔原", "s1", BEFORE)]})
    arrived = datetime(2026, 9, 30, 2)
    refused = (
        "l2",
        "moss",
        "unknown",
        f"{LONG}.csv",
        None,
        False,
        arrived,
        "refused",
        NIGHT,
        f"missing {LONG} -> export again",
        f"缺列「{LONG}」 -> 请重新导出",
        0,
        0,
        0,
        0,
    )
    many = [(f"b{n}", f"{n}号店{LONG[:9]}") for n in range(9)]
    huge = [(shop, NIGHT, "CNY", 9, 98_765_432_109, 98_765_432_109, 1, 1, 1) for shop, _ in many]
    late = [feed(f"late{n}", f"来源{n}", f"b{n}", date(2026, 9, 27)) for n in range(3)]
    here = [feed(f"here{n}", f"来源{n}", f"b{n}", NIGHT) for n in range(3, 9)]
    publish(
        home,
        parent=PARENT,
        shops=[*ROWS["shops"], *many],
        shop_daily=[*ROWS["shop_daily"], *huge],
        order_lines=[*ROWS["order_lines"], ("moss", "s1", "o1", NIGHT, "p9", LONG, 1, 99_000)],
        contents=[("n1", "xiaohongshu", LONG)],
        spend_daily=[(NIGHT, "ocean_engine", "ads", "a", 98_765_432, 987_654, 98_765)],
        customers=[
            (f"c{n:015}", "wecom", "consumer", "potential.lead", NIGHT, None, 987_654_321, True, True)
            for n in range(50)
        ],
        trusted={
            "freshness": [*ARRIVED, *late, *here],
            "loads": [refused],
            "quarantine": [("youzan__orders", "moss", "l1", f"{LONG}.csv", 3, "missing", "paid_fen")],
            "waivers": [("l3", "moss", "a.csv", "rows", "行数", LONG, "王", datetime(2026, 10, 1, 9))],
            "reconciliation": [("paid_without_bill", "moss", "s1", NIGHT, "E1", 0, 25600, None, None)],
            "checks": [(1, "b", "s", "e", None, "warning", False, "One of 50.", "五十行坏一行。", "")],
        },
    )
    verdict = {
        "load_id": "l9",
        "source_id": "pine",
        "file": f"{LONG}.csv",
        "night": f"{NIGHT}",
        "verdict": "refused",
        "why": ["too few rows"],
        "why_zh": ["行数太少"],
        "checks": [{"passed": False, "severity": "critical", "waivable": True}],
    }
    decide(home, "verdict", datetime(2026, 10, 1, 10), verdict)
    refresh_pages(
        from_environment({"FOLLOWTHROUGH_HOME": str(home.root), "FOLLOWTHROUGH_BROWSER": "not-yet"})
    )
    return home


@pytest.fixture(scope="module")
def chromium():
    """A browser for all pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def opened(chromium, home):
    """Open a page; everything it complained of or asked the network for is collected beside it."""
    contexts = []

    def opened(page, width=390, height=844, **context):
        contexts.append(chromium.new_context(viewport={"width": width, "height": height}, **context))
        tab, complaints = contexts[-1].new_page(), []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda r: r.url.startswith(("file:", "data:")) or complaints.append(r.url))
        tab.goto((home.reports / page).as_uri())
        return tab, complaints

    yield opened
    for context in contexts:
        context.close()


OTHER = {"zh": "English", "en": "中文"}
"""What the switch offers."""

NOT_IN = {"zh": "Version", "en": "版本"}
WIDER_THAN_THE_SCREEN = """
() => [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > document.documentElement.clientWidth + 1 && !e.closest('.scroll');
}).map(e => e.outerHTML.slice(0, 120))
"""
ONLY_WIDE_TABLES_SCROLL = """
() => [...document.querySelectorAll('.scroll')].filter(e =>
    e.scrollWidth > e.clientWidth + 1 && !e.querySelector('table.wide')
).map(e => e.outerHTML.slice(0, 120))
"""
CUT_OFF = """
() => [...document.querySelectorAll('td, th, li, p, .stage, .tile')].filter(e =>
    e.scrollWidth > e.clientWidth + 1 && e.clientWidth && getComputedStyle(e).display !== 'inline'
).map(e => e.outerHTML.slice(0, 120))
"""
BRIGHTNESS = """
name => {
    const [r, g, b] = getComputedStyle(document.body)[name].match(/[0-9.]+/g).map(Number);
    return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}
"""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole(opened, page, view, scheme, language):
    width, height = VIEWS[view]
    tab, complaints = opened(page, width, height, color_scheme=scheme)
    if language == "en":
        tab.locator("label[for=language]").click()
    text = tab.inner_text("body")
    assert complaints == []
    for wrong in ("undefined", "None", "NaN", "null", "{{", "Markup"):
        assert wrong not in text, wrong
    assert tab.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert tab.evaluate(CUT_OFF) == []
    assert tab.evaluate(ONLY_WIDE_TABLES_SCROLL) == []
    assert OTHER[language] in text
    assert NOT_IN[language] not in text
    assert tab.locator("section:visible").filter(has_not_text=re.compile(r"\S")).count() == 0
    paper, ink = (tab.evaluate(BRIGHTNESS, name) for name in ("backgroundColor", "color"))
    assert (paper > 0.9 and ink < 0.2) if scheme == "light" else (paper < 0.15 and ink > 0.85)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_tap_on_a_number_shows_what_it_means(opened, scripts):
    tab, _ = opened("2026-09-30.html", java_script_enabled=scripts)
    meaning = tab.locator("#meaning-net")
    assert not meaning.is_visible()
    tab.locator("button[popovertarget=meaning-net]").first.click()
    assert meaning.is_visible()
    assert "支付减退款。" in meaning.inner_text()
    assert "sum(shop_daily.net_fen)" in meaning.inner_text()
    box = meaning.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    tab.mouse.click(195, 5)
    assert not meaning.is_visible()


def test_the_switch_works_without_scripts_and_is_remembered_with_them(opened):
    tab, _ = opened("2026-09-30.html", java_script_enabled=False)
    tab.locator("label[for=language]").click()
    assert "New media daily" in tab.inner_text("h1")
    tab, _ = opened("2026-09-30.html")
    tab.locator("label[for=language]").click()
    tab.locator("nav a[href='index.html']").click()
    assert "Past days" in tab.inner_text("h1")
    assert tab.evaluate("document.documentElement.lang") == "en"


def test_every_link_leads_to_a_page_that_is_there(opened, home):
    for page in PAGES:
        tab, _ = opened(page)
        for link in tab.locator("a").all():
            assert (home.reports / link.get_attribute("href")).exists(), link.get_attribute("href")


def test_the_picture_is_the_first_screen_as_wide_as_a_phone_draws(home, tmp_path):
    target = tmp_path / "first.png"
    assert picture(CHROMIUM, home.reports / "2026-09-30.html", target) == ""
    content = target.read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert width == WIDTH * SCALE == 1080
    assert 1500 < height < 12_000
    assert 50_000 < len(content) <= MOST_BYTES


def test_a_picture_can_be_smaller_and_cut_off(home, tmp_path):
    target = tmp_path / "first.png"
    assert picture(CHROMIUM, home.reports / "2026-09-30.html", target, scale=1, tallest=300) == ""
    assert struct.unpack(">II", target.read_bytes()[16:24]) == (WIDTH, 300)


def test_a_browser_that_fails_costs_the_picture_and_nothing_else(home, tmp_path):
    target = tmp_path / "first.png"
    why = picture("/bin/false", home.reports / "2026-09-30.html", target)
    assert why == "none: false failed (CalledProcessError)"
    assert not target.exists()
