"""What official interfaces say is landed as it came, whatever happens on the way, and once."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from followthrough.errors import FollowthroughError, Unavailable
from followthrough.ingest.landing import landed
from followthrough.ingest.transports import client as clients
from followthrough.ingest.transports.answers import pull_answers
from followthrough.load.load import load_platform
from followthrough.load.receipts import receipts

NIGHT = date(2026, 9, 10)
MORNING = datetime(2026, 9, 11, 8, 30)
USER_GET, BATCHGET = "/cgi-bin/user/get", "/cgi-bin/user/info/batchget"
SUMMARY, ARTICLES = "/datacube/getusersummary", "/datacube/getarticletotal"
BY_USER = "/cgi-bin/externalcontact/batch/get_by_user"


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Nobody waits here; how long it would have been, in seconds."""
    waited = []
    monkeypatch.setattr(clients.Client.__init__, "__defaults__", (waited.append,))
    return waited


@pytest.fixture
def account(vendors):
    return vendors.OfficialAccount(MORNING.date())


@pytest.fixture
def wechat(source_of, serve, account):
    """Pull the official account; the number of files and what is pending."""
    settings = source_of("wechat_oa_main", transport="api:")
    return puller(settings, serve(account))


@pytest.fixture
def corp(vendors):
    return vendors.WeCom()


@pytest.fixture
def wecom(source_of, serve, corp):
    return puller(source_of("wecom_main", transport="api:"), serve(corp))


def puller(settings, connection):
    def pull(night=NIGHT, run_at=MORNING, **changes):
        source = replace(settings.sources[0], **changes)
        return pull_answers(settings, source, night, run_at, lambda name: connection)

    pull.settings = settings
    return pull


def lines(pull, export):
    """The documents of each landed file of an export, by its name."""
    return {
        file.name: [json.loads(line) for line in file.path.read_text("utf-8").splitlines()]
        for file in landed(pull.settings.home, "shop")
        if file.name.startswith(export)
    }


def loaded(pull, platform):
    load_platform(pull.settings, platform)
    return {r.slug: (r.accepted, r.refused.get("code"), r.declared) for r in receipts(pull.settings.home)}


def test_an_official_account_is_pulled_and_its_files_are_recognised(wechat):
    assert wechat() == (3, {})
    assert loaded(wechat, "wechat_oa") == {
        "wechat_oa__followers": (7, None, {"followers": 7}),
        "wechat_oa__user_summary": (1, None, {}),
        "wechat_oa__article_totals": (12, None, {}),
    }
    assert wechat() == (0, {})


def test_answers_are_landed_as_they_came_one_per_line(wechat, account):
    raw = b'{"total": 1, "count": 1,  "data": {"openid": ["oFollower_0000"]}, "next_openid": ""}'
    account.faults[USER_GET] = [raw]
    info = (
        '{"user_info_list":\r\n [{"openid": "oFollower_0000", "subscribe_time": 1788192060, "x": "王\\n"}]}\n'
    )
    account.faults[BATCHGET] = [info.encode()]
    wechat()
    (file,) = (f for f in landed(wechat.settings.home, "shop") if f.name.startswith("followers"))
    assert file.path.read_bytes() == raw + b"\n" + info.strip().replace("\r\n", "  ").encode() + b"\n"
    assert file.sightings[0].exported_at == MORNING


def test_a_list_is_asked_for_page_by_page_and_details_by_the_hundred(wechat, account):
    account.openids = [f"oFollower_{n:04}" for n in range(250)]
    account.page = 240
    wechat()
    assert [q.get("next_openid", "") for q, _ in account.paths(USER_GET)] == [
        "",
        "oFollower_0239",
        "oFollower_0249",
    ]
    asked = [[u["openid"] for u in body["user_list"]] for _, body in account.paths(BATCHGET)]
    assert [len(page) for page in asked] == [100, 100, 40, 10]
    assert [openid for page in asked for openid in page] == account.openids


def test_one_night_asks_for_what_still_grows_within_the_spans(wechat, account):
    wechat()
    assert [b for _, b in account.paths(SUMMARY)] == [{"begin_date": "2026-09-10", "end_date": "2026-09-10"}]
    assert [b["begin_date"] for _, b in account.paths(ARTICLES)] == [f"2026-09-{n:02}" for n in range(4, 11)]


def test_the_first_pull_goes_back_to_since_and_later_ones_fill_every_gap(wechat, account):
    wechat(since=date(2026, 8, 22))
    spans = [(b["begin_date"], b["end_date"]) for _, b in account.paths(SUMMARY)]
    assert spans == [("2026-08-22", "2026-08-28"), ("2026-08-29", "2026-09-04"), ("2026-09-05", "2026-09-10")]
    account.asked.clear()
    account.today += timedelta(days=3)
    wechat(night=NIGHT + timedelta(days=3), run_at=MORNING + timedelta(days=3))
    assert [b for _, b in account.paths(SUMMARY)] == [{"begin_date": "2026-09-11", "end_date": "2026-09-13"}]
    account.asked.clear()
    wechat(night=NIGHT + timedelta(days=3), run_at=MORNING + timedelta(days=3), since=date(2026, 8, 20))
    assert [b for _, b in account.paths(SUMMARY)] == [{"begin_date": "2026-08-20", "end_date": "2026-08-21"}]


def test_a_day_is_not_asked_for_before_eight(wechat, account):
    files, pending = wechat(run_at=datetime(2026, 9, 11, 7, 59))
    assert files == 1, "the list of followers knows no hour"
    assert pending["user_summary"] == "2026-09-10 can be asked for from 2026-09-11 08:00 on"
    assert account.paths(SUMMARY) == account.paths(ARTICLES) == []
    assert wechat(run_at=datetime(2026, 9, 11, 8)) == (2, {})


def test_what_is_not_there_yet_is_not_landed_and_asked_for_again(wechat, account):
    account.faults[SUMMARY] = [{"list": []}]
    assert wechat() == (2, {"user_summary": "nothing is there yet"})
    assert lines(wechat, "user_summary") == {}
    assert wechat() == (1, {})


def test_an_export_on_demand_is_not_asked_for(wechat, account):
    plan = replace(wechat.settings.sources[0].usual, cadence="on_demand")
    wechat(plans={"followers": plan, "article_totals": plan})
    assert {path for path, _, _ in account.asked} == {"/cgi-bin/stable_token", SUMMARY}


def test_a_list_is_asked_for_once_a_morning_whatever_the_night(wechat, account):
    wechat()
    account.asked.clear()
    wechat(night=NIGHT - timedelta(days=3))
    assert account.paths(USER_GET) == []


def test_a_token_that_runs_out_between_two_pages_is_renewed(wechat, account):
    proper, answer = account.answer, []

    def expiring(method, path, query, body):
        if path == USER_GET and query.get("next_openid") == "oFollower_0002" and not answer:
            answer.append(account.renew())
        return proper(method, path, query, body)

    account.answer = expiring
    wechat()
    assert loaded(wechat, "wechat_oa")["wechat_oa__followers"][0] == 7
    assert len(account.paths("/cgi-bin/stable_token")) == 2


def test_a_token_that_is_never_good_ends_after_one_renewal(wechat, account, vendors):
    account.faults[USER_GET] = [vendors.error(40001, "invalid credential")] * 9
    with pytest.raises(FollowthroughError, match=r"followers: .*refuses with 40001") as told:
        wechat()
    assert "check the AppSecret" in str(told.value)
    assert len(account.paths(USER_GET)) == 2
    assert len(lines(wechat, "user_summary")) == 1, "the other exports were pulled all the same"


def busy(vendors):
    return [vendors.error(-1, "system error"), 503, b"<html>502 Bad Gateway</html>", "cut", b"[]"]


@pytest.mark.parametrize("fault", range(5))
def test_what_goes_by_is_waited_for(wechat, account, vendors, fault):
    account.faults[BATCHGET] = [busy(vendors)[fault]] * 3
    assert wechat() == (3, {})
    assert loaded(wechat, "wechat_oa")["wechat_oa__followers"] == (7, None, {"followers": 7})


def test_waits_grow_and_keep_to_what_the_interface_asks_for(wechat, account, vendors, waits):
    account.faults[BATCHGET] = [vendors.error(-1, "busy")] * 4
    wechat()
    longer = [w for w in waits if w > 0.5]
    assert len(longer) == 4
    assert longer[0] < longer[-1]
    waits.clear()
    account.faults[SUMMARY] = [vendors.error(45011, "reach minute limit"), 503]
    wechat(night=NIGHT, since=NIGHT - timedelta(days=1))
    longer = [w for w in waits if w > 0.5]
    assert longer[0] >= 60
    assert 7 <= longer[1] < 60


def test_calls_keep_the_pace(wechat, waits):
    wechat()
    assert max(waits) == pytest.approx(60 / 600, abs=0.05)


def test_an_interface_that_stays_away_makes_the_source_late(wechat, account):
    account.faults[USER_GET] = [503] * 20
    with pytest.raises(Unavailable, match="user/get does not answer: HTTP 503, 6 times"):
        wechat()
    assert lines(wechat, "followers") == {}
    assert len(account.paths(USER_GET)) == 6


def test_a_slow_answer_is_given_up(wechat, account, monkeypatch):
    monkeypatch.setattr(clients, "_TIMEOUT_SECONDS", 0.2)
    account.faults[USER_GET] = ["slow"]
    assert wechat() == (3, {})


def test_nobody_listening_is_unavailable(source_of, serve, account):
    connection = serve(account)
    pull = puller(source_of("wechat_oa_main", transport="api:"), replace(connection, port=9))
    with pytest.raises(Unavailable, match=r"^followers: 127.0.0.1:9 cannot be reached: ConnectError") as told:
        pull()
    assert "user_summary" not in str(told.value), "once is enough"


def test_an_interrupted_pull_goes_on_where_it_stopped(wechat, account):
    account.faults[BATCHGET] = [
        account._infos({"user_list": [{"openid": o} for o in account.openids[:3]]}),
        *[503] * 6,
    ]
    with pytest.raises(Unavailable):
        wechat()
    assert lines(wechat, "followers") == {}
    account.asked.clear()
    wechat(run_at=MORNING + timedelta(minutes=5))
    assert [q.get("next_openid", "") for q, _ in account.paths(USER_GET)] == [
        "oFollower_0005",
        "oFollower_0006",
    ]
    assert loaded(wechat, "wechat_oa")["wechat_oa__followers"] == (7, None, {"followers": 7})
    (file,) = (f for f in landed(wechat.settings.home, "shop") if f.name.startswith("followers"))
    assert file.exported_at == MORNING, "the list is as old as its first answer"
    assert list((wechat.settings.home.pulls / "shop").iterdir()) == []


def test_two_runs_never_ask_for_the_same_source_at_once(wechat, account):
    proper, other = account.answer, []

    def asking(method, path, query, body):
        if not other:
            other.append(path)
            with pytest.raises(Unavailable, match="another run is asking just now"):
                wechat()
            other.append(path)
        return proper(method, path, query, body)

    account.answer = asking
    assert wechat() == (3, {})
    assert len(other) == 2
    assert wechat() == (0, {})


def test_a_pull_refused_or_of_another_day_begins_anew(wechat, account, vendors):
    account.faults[BATCHGET] = [vendors.error(40003, "invalid openid")]
    with pytest.raises(FollowthroughError, match="refuses with 40003: invalid openid"):
        wechat()
    assert list((wechat.settings.home.pulls / "shop").iterdir()) == []
    account.faults[BATCHGET] = [503] * 6
    with pytest.raises(Unavailable):
        wechat()
    account.asked.clear()
    account.today += timedelta(days=1)
    wechat(night=NIGHT + timedelta(days=1), run_at=MORNING + timedelta(days=1))
    assert len(account.paths(USER_GET)) == 4
    assert list((wechat.settings.home.pulls / "shop").iterdir()) == []


def test_an_interface_that_goes_in_circles_is_left(wechat, account):
    page = {"total": 7, "count": 1, "data": {"openid": ["oFollower_0000"]}, "next_openid": "oFollower_0000"}
    account.faults[USER_GET] = [page] * 9
    with pytest.raises(FollowthroughError, match="comes back to a page it has given"):
        wechat()
    assert lines(wechat, "followers") == {}


def test_a_page_given_twice_is_landed_as_it_came_and_counted_once(wecom, corp, vendors):
    first = corp._contacts({"userid_list": corp.staff})
    corp.faults[BY_USER] = [first, {**first, "next_cursor": "at2"}]
    first["next_cursor"] = "at0"
    wecom()
    assert loaded(wecom, "wecom")["wecom__external_contacts"][:2] == (8, None)


def test_what_only_a_person_can_mend_is_said_in_their_words(wechat, account, vendors):
    account.faults["/cgi-bin/stable_token"] = [
        vendors.error(40164, "invalid ip 10.1.2.3, not in whitelist")
    ] * 3
    with pytest.raises(FollowthroughError, match=r"40164: invalid ip 10\.1\.2\.3") as told:
        wechat()
    assert "IP whitelist" in str(told.value)
    assert not isinstance(told.value, Unavailable)


def test_wecom_is_pulled_colleague_by_colleague_and_its_file_is_recognised(wecom, corp):
    assert wecom() == (1, {})
    assert loaded(wecom, "wecom") == {"wecom__external_contacts": (6, None, {})}
    assert [body.get("cursor") for _, body in corp.paths(BY_USER)] == [None, "at2", "at4"]
    assert wecom() == (0, {})


def test_wecom_takes_a_hundred_colleagues_at_a_time(source_of, serve, vendors):
    corp = vendors.WeCom(staff=230, contacts=1, limit=100)
    pull = puller(source_of("wecom_main", transport="api:"), serve(corp))
    pull()
    assert [len(body["userid_list"]) for _, body in corp.paths(BY_USER)] == [100, 100, 30]
    assert loaded(pull, "wecom")["wecom__external_contacts"][0] == 230


@pytest.mark.parametrize(("code", "seconds"), [(45009, 60), (45033, 5), (-1, 0)])
def test_wecom_s_limits_are_waited_for(wecom, corp, vendors, waits, code, seconds):
    corp.faults[BY_USER] = [vendors.error(code, "api freq out of limit")]
    assert wecom() == (1, {})
    assert max(waits) >= seconds


def test_wecom_s_token_is_renewed(wecom, corp, vendors):
    corp.faults[BY_USER] = [vendors.error(42001, "access_token expired")]
    assert wecom() == (1, {})
    assert len(corp.paths("/cgi-bin/gettoken")) == 2


@pytest.fixture
def ratings(source_of, serve, vendors):
    """Pull the ratings of a shop from a platform that checks signatures."""

    def ratings(vendor, session=vendors.Top.session):
        return puller(source_of("taobao_main", transport="api:"), serve(vendor, session=session))

    return ratings


def test_signed_calls_are_accepted_and_numbered_pages_followed(ratings, vendors):
    vendor = vendors.Top(ratings=230)
    pull = ratings(vendor)
    assert pull() == (1, {})
    assert [query.get("page_no") for query, _ in vendor.paths("/router/rest")] == [None, "2", "3"]
    assert loaded(pull, "taobao") == {"taobao__trade_ratings": (230, None, {})}


def test_a_day_with_more_than_the_platform_gives_is_not_taken_for_whole(ratings, vendors):
    with pytest.raises(FollowthroughError, match="has more than it gives"):
        ratings(vendors.Top(ratings=1501))()


def test_a_session_that_has_ended_asks_for_the_seller_and_is_not_shown(ratings, vendors):
    with pytest.raises(FollowthroughError, match=r"27 invalid-sessionkey: Invalid session \*\*\*") as told:
        ratings(vendors.Top(), session="canary-old")()
    assert "let the seller authorise" in str(told.value)


def test_a_limit_of_the_platform_is_waited_for(ratings, vendors, waits):
    vendor = vendors.Top()
    errors = {"code": 7, "msg": "App Call Limited"}, {"code": 15, "sub_code": "isp.remote-service-timeout"}
    vendor.faults["/router/rest"] = [{"error_response": error} for error in errors]
    assert ratings(vendor)() == (1, {})
    assert len([w for w in waits if w >= 5]) == 2
