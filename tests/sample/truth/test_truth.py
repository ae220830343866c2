"""The truth against small cases worked out by hand."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from followthrough.sample.deliveries.feeds import (
    ALIPAY_BILL,
    BILL,
    CLUES,
    CONTACTS,
    FOLLOWERS,
    MOSS_ORDERS,
    MOSS_REFUNDS,
)
from followthrough.sample.deliveries.records import (
    AlipayRow,
    Arrival,
    BillRow,
    ClueRow,
    FundLine,
    OrderRow,
    RefundRow,
)
from followthrough.sample.truth.stages import Span
from followthrough.sample.truth.truth import truth_of
from followthrough.sample.world.entities import (
    Answer,
    Contact,
    Follow,
    FormLead,
    Lead,
    Order,
    Rating,
    Referral,
    Refund,
    RefundStep,
)
from followthrough.sample.world.people import make_person

MEI = make_person(1, 1, "loyal")
BO = make_person(1, 2, "loyal")
START = date(2026, 3, 1)
LONG_AFTER = START + timedelta(days=900)


def day(number):
    return START + timedelta(days=number)


def at(number, hour=12):
    return datetime.combine(day(number), datetime.min.time()) + timedelta(hours=hour)


def order(order_id="E1", created=0, paid=0, goods=10_000, freight=800, person=MEI, phone="full"):
    return Order(
        order_id=order_id,
        shop="youzan_moss",
        person=person,
        created_at=at(created),
        paid_at=None if paid is None else at(paid, 13),
        closes_at=None,
        shipped_at=None,
        finished_at=None,
        product="苔原保湿面霜",
        quantity=1,
        goods_fen=goods,
        freight_fen=freight,
        discount_fen=0,
        is_wechat=True,
        transaction_id=f"42{order_id}",
        phone_shown=phone,
        remark="",
    )


def rows(night, *orders, refunded=0, damaged="", status="待发货"):
    """The order export of the night: each order as it stands at nine the next morning."""
    moment = at(night + 1, 9)
    shown = []
    for each in orders:
        is_paid = each.paid_at is not None and each.paid_at <= moment
        paid_fen = each.payable_fen if is_paid else 0
        paid_at = each.paid_at if is_paid else None
        shown.append(OrderRow(each, status, paid_at, paid_fen, refunded, damaged))
    return Arrival(MOSS_ORDERS, day(night), day(night), moment, tuple(shown))


def refund(night, fen, order_id="E1", settled=None, status="SUCCESS", demand=1, line_status=2):
    """The answer about refund R1 of the order, as it stood at the end of the night."""
    step = RefundStep(at(night if settled is None else settled), status, status == "SUCCESS")
    case = Refund("R1", order_id, demand, "BUYER_APPLY_REFUND", fen, fen, 1, (step,))
    row = RefundRow(case, step, (FundLine(fen, line_status),))
    return Arrival(MOSS_REFUNDS, day(night), day(night), at(night + 1, 8), (row,))


def contact(created=0, state="inquiry_live", person=MEI, unionid=True, phone=False):
    record = Contact(person, "LinXiao", state, 1, at(created), None, unionid, phone)
    return Arrival(CONTACTS, day(created), day(created), at(created + 1, 7), (record,))


def follow(created=0, left=None, person=MEI):
    record = Follow(person, "ADD_SCENE_SEARCH", at(created), left and at(left))
    return Arrival(FOLLOWERS, day(created), day(created), at(created + 1, 7), (record,))


def lead(night, created=0, state=1, clue_id="1", person=MEI, origin=1):
    """The lead list of the night, asked for the next morning."""
    record = Lead(clue_id, person, at(created), origin, 0, at(created + 1), is_invalid=state == 4)
    return Arrival(CLUES, day(night), day(night), at(night + 1, 8), (ClueRow(record, state),))


def bill(night, *orders):
    records = tuple(BillRow(each, each.paid_at) for each in orders)
    return Arrival(BILL, day(night), day(night), at(night + 1, 10), records)


def stages(*arrivals, night=LONG_AFTER, person=MEI):
    """Stage and first day of each span, days counted from the start."""
    found = truth_of(arrivals, night).stages.get(person.person_id, [])
    return [(span.stage, (span.valid_from - START).days) for span in found]


def test_one_order_is_paying_for_ever():
    assert stages(rows(0, order())) == [("paying", 0)]


def test_two_paid_dates_are_loyal_from_the_second_confirmed_until_180_days_after_it_was_paid():
    bought = rows(40, order(), order("E2", 40, 40))
    assert stages(bought) == [("paying", 0), ("loyal", 40 + 20), ("paying", 40 + 181)]


def test_a_finished_trade_is_confirmed_on_its_day():
    first, second = order(), replace(order("E2", 40, 40), finished_at=at(48))
    shown = rows(48, first, second, status="交易完成")
    assert stages(shown, night=day(100)) == [("paying", 0), ("loyal", 48)]


@pytest.mark.parametrize(("gap", "is_loyal"), [(6, False), (7, True)])
def test_two_purchases_within_a_week_are_one(gap, is_loyal):
    found = stages(rows(gap, order(), order("E2", gap, gap)), night=day(60))
    assert (found[-1] == ("loyal", gap + 20)) == is_loyal


def test_two_orders_of_one_date_are_one_occasion():
    assert stages(rows(0, order(), order("E2"))) == [("paying", 0)]


@pytest.mark.parametrize(("gap", "is_loyal"), [(520, True), (521, False)])
def test_the_earlier_date_counts_for_540_days(gap, is_loyal):
    found = stages(rows(gap, order(), order("E2", gap, gap)), night=day(gap + 20))
    assert (found[-1] == ("loyal", gap + 20)) == is_loyal


def test_spans_are_half_open_and_the_last_is_open():
    found = truth_of([rows(40, order(), order("E2", 40, 40))], day(60)).stages[MEI.person_id]
    assert found == [Span("paying", day(0), day(60)), Span("loyal", day(60), None)]


def test_a_lucky_bag_is_potential_for_30_days_and_never_more():
    found = stages(rows(0, order(goods=1, freight=0)))
    assert found == [("potential", 0), ("audience", 31)]


def test_goods_of_one_yuan_are_a_purchase_and_of_99_fen_are_none():
    assert stages(rows(0, order(goods=100))) == [("paying", 0)]
    assert stages(rows(0, order(goods=99))) == [("potential", 0), ("audience", 31)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("trial", [("potential", 0), ("audience", 31)]),
        ("lucky_bag", [("potential", 0), ("audience", 31)]),
        ("presale_deposit", [("potential", 0), ("audience", 31)]),
        ("points_exchange", [("potential", 0), ("audience", 31)]),
        ("giveaway", [("audience", 0)]),
        ("distribution", [("audience", 0)]),
        ("gift_sent", [("paying", 0)]),
        ("cash_on_delivery", [("paying", 0)]),
    ],
)
def test_what_an_order_is_decides_what_it_says_of_its_buyer(kind, expected):
    bought = replace(order(), kind=kind)
    assert stages(rows(0, bought), bill(0, bought)) == expected


def test_a_group_buy_counts_once_it_has_formed_and_never_if_it_fails():
    joined = replace(order(), kind="group_buying")
    waiting, formed = rows(0, joined, status="待成团"), rows(2, joined)
    assert stages(waiting, night=day(1)) == [("potential", 0)]
    assert stages(waiting, formed, night=day(2)) == [("paying", 0)]
    failed = rows(2, joined, refunded=10_800, status="交易关闭")
    assert stages(waiting, failed, night=day(40)) == [("potential", 0), ("audience", 31)]


def test_a_gift_is_its_payers_and_never_its_receivers():
    gift = replace(order(), kind="gift_sent", receiver=BO)
    assert stages(rows(0, gift)) == stages(rows(0, gift), person=BO) == []
    assert stages(rows(0, gift), bill(0, gift)) == [("paying", 0)]
    assert stages(rows(0, gift), bill(0, gift), person=BO) == []


def arrived(night, *records):
    return Arrival(CONTACTS, day(night), day(night), at(night + 1, 7), records)


def rated(number, score, order_id="E1", is_default=False):
    return arrived(number, Rating(MEI, order_id, at(number), score, is_default))


TWICE = rows(40, order(), order("E2", 40, 40))


def test_who_is_dissatisfied_is_not_loyal_for_180_days_or_until_they_praise():
    assert stages(TWICE, rated(70, "negative"), night=day(220))[1:] == [("loyal", 60), ("paying", 70)]
    praised = stages(TWICE, rated(70, "negative"), rated(80, "positive"), night=day(100))
    assert praised[1:] == [("loyal", 60), ("paying", 70), ("loyal", 80)]
    both = stages(TWICE, rated(70, "negative"), rated(70, "positive", "E2"), night=day(100))
    assert both[1:] == [("loyal", 60), ("paying", 70)]


def test_a_rating_given_by_the_platform_or_in_the_middle_says_nothing():
    silent = [rated(70, "negative", is_default=True), rated(70, "neutral"), rated(70, "negative", "E9")]
    assert stages(TWICE, *silent, night=day(100)) == [("paying", 0), ("loyal", 60)]


@pytest.mark.parametrize(("reason", "verdict"), [(105, "negative"), (104, None)])
def test_money_back_for_what_the_goods_were_is_a_complaint(reason, verdict):
    back = refund(70, 500, "E2")
    row = back.records[0]
    row = row._replace(refund=replace(row.refund, reason=reason))
    asked = row._replace(step=RefundStep(at(65), "WAIT_SELLER_AGREE"), funds=())
    waiting = Arrival(MOSS_REFUNDS, day(65), day(65), at(66, 8), (asked,))
    assert truth_of([TWICE, waiting], day(70)).satisfied == {}
    truth = truth_of([TWICE, waiting, back._replace(records=(row,))], day(70))
    assert truth.satisfied.get(MEI.person_id) == verdict


@pytest.mark.parametrize(("nps", "verdict"), [(6, "negative"), (7, None), (8, None), (9, "positive")])
def test_an_answer_is_praise_from_nine_and_a_complaint_up_to_six(nps, verdict):
    truth = truth_of([TWICE, arrived(70, Answer(MEI, at(70), nps))], day(70))
    assert truth.satisfied.get(MEI.person_id) == verdict


def test_a_full_refund_of_somebody_dissatisfied_is_no_potential():
    found = stages(rows(0, order()), refund(7, 10_800), rated(9, "negative"), night=day(100))
    assert found == [("paying", 0), ("potential", 7), ("audience", 9)]


@pytest.mark.parametrize(("nps", "stars", "verdict"), [(8, 4, "positive"), (8, 3, None), (9, 2, "negative")])
def test_few_stars_are_a_complaint_and_many_are_praise(nps, stars, verdict):
    truth = truth_of([TWICE, arrived(70, Answer(MEI, at(70), nps, stars))], day(70))
    assert truth.satisfied.get(MEI.person_id) == verdict


def test_an_answer_counts_in_its_last_words_since_it_was_first_given():
    answer = Answer(MEI, at(70), 3)
    edited = arrived(75, answer._replace(nps=10, edited_at=at(75)))
    assert stages(TWICE, arrived(70, answer), night=day(72))[-1] == ("paying", 70)
    assert stages(TWICE, arrived(70, answer), edited, night=day(76))[-1] == ("loyal", 60)
    assert stages(TWICE, edited, arrived(76, answer), night=day(76))[-1] == ("loyal", 60)


def test_a_phone_left_on_a_page_is_a_lead_that_nobody_calls_invalid():
    left = arrived(0, FormLead(MEI, at(0)))
    assert stages(left) == [("potential", 0), ("audience", 91)]
    assert stages(left, lead(20, created=20, state=4)) == [("potential", 0), ("audience", 91)]
    assert reason(left, rows(0, order())) == ""


@pytest.mark.parametrize(
    ("referral", "is_advocate"),
    [
        (Referral(MEI, order("R0"), at(50), False), True),
        (Referral(MEI, order("R0"), at(20), False), True),
        (Referral(MEI, order("R0"), at(19), False), False),
        (Referral(MEI, order("R1"), at(50), False), False),
        (Referral(MEI, order("R0"), at(51), False), False),
        (Referral(BO, order("R0"), at(50), False), False),
        (Referral(MEI, order("E2"), at(39), False), False),
    ],
)
def test_an_advocate_has_brought_somebody_who_bought_soon_and_for_the_first_time(referral, is_advocate):
    brought = rows(70, order("R0", 50, 50, person=BO), order("R1", 60, 60, person=BO))
    truth = truth_of([TWICE, brought, arrived(70, referral)], day(70))
    assert (MEI.person_id in truth.advocates) == is_advocate


@pytest.mark.parametrize(("friends", "is_advocate"), [(5, True), (6, False)])
def test_who_is_paid_for_bringing_many_is_an_agent(friends, is_advocate):
    people = [make_person(1, 10 + number, "loyal") for number in range(friends)]
    orders = [order(f"R{number}", 50, 50, person=each) for number, each in enumerate(people)]
    referrals = [Referral(MEI, each, at(50), True) for each in orders]
    seen = [TWICE, rows(50, *orders), arrived(50, *referrals)]
    assert (truth_of(seen, day(70)).advocates == [MEI.person_id]) == is_advocate
    assert truth_of(seen, day(50 + 91)).advocates == [MEI.person_id]


def test_what_is_brought_back_brings_no_advocate():
    seen = [
        TWICE,
        rows(50, order("R0", 50, 50, person=BO)),
        arrived(50, Referral(MEI, order("R0"), at(50), False)),
    ]
    assert truth_of([*seen, refund(60, 10_800, "R0")], day(70)).advocates == []


def test_an_unpaid_order_is_potential_for_30_days():
    assert stages(rows(0, order(paid=None))) == [("potential", 0), ("audience", 31)]


def test_payment_of_the_next_morning_is_invisible_until_its_own_night():
    paid_at_eight = replace(order(), paid_at=at(1, 8))
    assert stages(rows(0, paid_at_eight), night=day(0)) == [("potential", 0)]
    assert stages(rows(0, paid_at_eight), night=day(1)) == [("potential", 0), ("paying", 1)]


def test_an_order_of_the_next_morning_does_not_exist_yet():
    early = replace(order(), created_at=at(1, 1), paid_at=at(1, 2))
    truth = truth_of([rows(0, early)], day(0))
    assert (truth.people, truth.stages, truth.joinable) == ([], {}, {})


def test_an_inquiry_is_potential_for_90_days():
    assert stages(contact()) == [("potential", 0), ("audience", 91)]


def test_a_lead_is_potential_for_90_days():
    assert stages(lead(0)) == [("potential", 0), ("audience", 91)]


def test_a_lead_ends_on_the_day_of_the_first_list_that_calls_it_invalid():
    marked = [lead(0), lead(4, state=4), lead(9, state=4)]
    assert stages(*marked) == stages(*reversed(marked)) == [("potential", 0), ("audience", 5)]
    assert stages(*marked, night=day(4)) == [("potential", 0)]


def test_a_lead_taken_up_again_lives_on():
    assert stages(lead(0), lead(4, state=4), lead(6, state=5)) == [("potential", 0), ("audience", 91)]


def test_forms_within_thirty_days_of_the_one_before_are_one_lead():
    again = [lead(0), lead(30, created=30, clue_id="2"), lead(60, created=60, clue_id="3")]
    assert stages(*again) == [("potential", 0), ("audience", 91)]
    assert stages(lead(0), lead(31, created=31, clue_id="2")) == [("potential", 0), ("audience", 31 + 91)]


def test_a_duplicate_found_invalid_leaves_the_lead_open():
    twice = [lead(0), lead(5, created=5, clue_id="2", state=4)]
    assert stages(*twice) == [("potential", 0), ("audience", 91)]
    assert stages(*twice, lead(7, state=4)) == [("potential", 0), ("audience", 8)]


@pytest.mark.parametrize("origin", [3, 4])
def test_noise_among_the_leads_says_nothing_of_anybody(origin):
    assert truth_of([lead(0, origin=origin)], day(9)).people == []


def test_a_lead_is_known_by_its_phone():
    assert reason(rows(0, order()), lead(0)) == ""
    assert reason(follow(), lead(0)) == "split"


def test_a_seller_is_known_by_the_phone_and_by_the_order_that_was_brought():
    brought = [rows(0, order(), order("R0", person=BO)), arrived(0, Referral(MEI, order("R0"), at(0), True))]
    assert reason(*brought) == reason(*brought, person=BO) == ""
    assert stages(*brought, person=BO) == [("paying", 0)]


def test_other_contacts_and_follows_are_audience():
    assert stages(contact(state="package_card")) == [("audience", 0)]
    assert stages(follow(left=5)) == [("audience", 0)]


def test_a_full_refund_reverts_on_its_date_for_180_days():
    found = stages(rows(0, order()), refund(7, 10_800))
    assert found == [("paying", 0), ("potential", 7), ("audience", 7 + 181)]


def test_refunding_all_goods_but_the_freight_is_a_full_refund():
    assert stages(rows(0, order()), refund(7, 10_000), night=day(9))[-1] == ("potential", 7)


def test_a_partial_refund_that_leaves_a_yuan_of_goods_changes_nothing():
    assert stages(rows(0, order()), refund(7, 9_900)) == [("paying", 0)]
    assert stages(rows(0, order()), refund(7, 9_901), night=day(9))[-1] == ("potential", 7)


def test_refund_of_the_second_order_ends_loyalty():
    bought = rows(40, order(), order("E2", 40, 40))
    found = stages(bought, refund(70, 10_800, "E2"))
    assert found == [("paying", 0), ("loyal", 60), ("paying", 70)]
    assert stages(bought, refund(50, 10_800, "E2")) == [("paying", 0)]


@pytest.mark.parametrize(
    "unmoved",
    [
        refund(7, 10_800, status="WAIT_SELLER_AGREE"),
        refund(7, 10_800, status="CLOSED"),
        refund(7, 10_800, demand=3),
        refund(7, 10_800, line_status=0),
        refund(7, 10_800, line_status=1),
    ],
)
def test_a_case_without_money_changes_nothing(unmoved):
    assert stages(rows(0, order()), unmoved) == [("paying", 0)]


def test_the_latest_answer_about_a_refund_counts():
    in_process = refund(7, 10_800, line_status=0)
    assert stages(rows(0, order()), in_process, refund(9, 10_800), night=day(9))[-1] == (
        "potential",
        9,
    )


def test_a_refund_known_from_the_row_alone_is_dated_at_its_export():
    found = stages(rows(0, order()), rows(3, order(), refunded=10_800), night=day(10))
    assert found == [("paying", 0), ("potential", 4)]


def test_an_unexplained_refund_moves_to_its_own_date_when_its_answer_comes():
    seen = [rows(0, order()), rows(3, order(), refunded=10_800)]
    assert stages(*seen, night=day(5))[-1] == ("potential", 4)
    seen.append(refund(6, 10_800))
    assert stages(*seen, night=day(5))[-1] == ("potential", 4)
    assert stages(*seen, night=day(6)) == [("paying", 0), ("potential", 6)]


def test_a_row_refund_of_the_next_morning_is_not_seen_before_its_night():
    seen = [rows(0, order()), rows(3, order(), refunded=10_800)]
    assert stages(*seen, night=day(3)) == [("paying", 0)]


def test_only_the_part_beyond_the_answers_is_unexplained():
    seen = [refund(2, 4_000), rows(0, order()), rows(3, order(), refunded=6_000)]
    events = [e for e in truth_of(seen, day(9)).events if e.kind == "refund"]
    assert [(e.on, e.fen, e.delivered_night) for e in events] == [
        (day(2), 4_000, day(2)),
        (day(4), 2_000, day(3)),
    ]


def test_growing_row_refunds_are_dated_slice_by_slice():
    seen = [rows(number, order(), refunded=fen) for number, fen in enumerate((0, 500, 500, 700))]
    events = [e for e in truth_of(seen, day(9)).events if e.kind == "refund"]
    assert [(e.on, e.fen) for e in events] == [(day(2), 500), (day(4), 200)]


def test_refunds_never_exceed_the_payment():
    events = truth_of([rows(0, order()), refund(2, 99_999)], day(9)).events
    assert sum(e.fen for e in events if e.kind == "refund") == 10_800


@pytest.mark.parametrize(
    ("arrivals", "kind"),
    [
        ([rows(0, order()), refund(2, 500)], "before_shipping"),
        ([rows(0, order(), status="已发货"), refund(2, 500)], "refund_only"),
        ([rows(2, order(), status="已发货"), refund(2, 500)], "before_shipping"),
        ([rows(0, order()), refund(2, 500, demand=2)], "return_and_refund"),
        ([rows(0, order()), rows(1, order(), refunded=500)], "unexplained"),
        ([rows(0, replace(order(), kind="presale_deposit")), refund(2, 500)], "deposit"),
        ([rows(0, replace(order(), kind="group_buying"), status="待成团"), refund(2, 500)], "system"),
    ],
)
def test_a_refund_is_of_the_kind_the_order_makes_it(arrivals, kind):
    (found,) = truth_of(arrivals, day(9)).refunds
    assert (found.order_id, found.kind, found.fen) == ("E1", kind, 500)


def test_a_damaged_row_was_never_delivered():
    assert stages(rows(0, order(), damaged="订单实付金额")) == []
    late = truth_of([rows(0, order(), damaged="支付流水号"), rows(1, order())], day(1))
    assert [e.delivered_night for e in late.events] == [day(1), day(1)]


def test_files_of_later_nights_are_unknown():
    seen = [rows(0, order()), refund(7, 10_800)._replace(delivered=day(8))]
    assert stages(*seen, night=day(7)) == [("paying", 0)]
    assert stages(*seen, night=day(8)) == [("paying", 0), ("potential", 7)]


def reason(*arrivals, night=LONG_AFTER, person=MEI):
    return truth_of(arrivals, night).joinable.get(person.person_id)


def test_an_order_and_its_bill_connect_phone_and_openid():
    truth = truth_of([rows(0, order()), bill(0, order()), follow()], day(0))
    assert {i.namespace for i in truth.identifiers} == {"phone", "openid", "unionid"}
    assert truth.joinable == {MEI.person_id: ""}


def test_unconnected_records_are_split():
    assert reason(rows(0, order()), follow()) == "split"
    assert reason(rows(0, order()), contact(phone=True), follow()) == ""
    assert reason(rows(0, order()), contact(phone=True, unionid=False), follow()) == "split"


def test_a_masked_order_is_anonymous_until_a_bill_names_the_payer():
    masked = order(phone="masked")
    assert reason(rows(0, masked)) == "anonymous_order"
    assert stages(rows(0, masked)) == []
    assert reason(rows(0, masked), bill(0, masked)) == ""
    assert stages(rows(0, masked), bill(0, masked)) == [("paying", 0)]


def test_a_phone_shown_by_two_people_joins_neither():
    relative = replace(BO, phone=MEI.phone)
    both = [rows(0, order(), order("E2", person=relative))]
    assert reason(*both) == reason(*both, person=relative) == "shared_phone"
    assert reason(rows(0, order()), follow(person=relative)) == ""


def test_a_record_of_the_next_morning_must_not_decide():
    this_morning = contact(phone=True)
    record = replace(this_morning.records[0], created_at=at(1, 1))
    connecting = this_morning._replace(records=(record,))
    assert reason(rows(0, order()), follow(), connecting, night=day(0)) == "split"
    assert reason(rows(0, order()), follow(), connecting, night=day(1)) == ""


def alipay(night, *billed):
    """The bill of the night: each order with the fen it is billed with."""
    records = tuple(AlipayRow(each, at(night), fen) for each, fen in billed)
    return Arrival(ALIPAY_BILL, day(night), day(night), at(night + 1, 10), records)


def differences(*arrivals, night=9):
    found = truth_of(arrivals, day(night)).bill_differences
    return [(d.cause, d.reference, (d.on - START).days, d.billed_fen, d.paid_fen) for d in found]


KNOWN = order("E0")


def test_bills_that_say_what_the_shop_says_differ_by_nothing():
    assert differences(rows(0, KNOWN), bill(0, KNOWN)) == []
    assert differences(rows(0, KNOWN), alipay(0, (KNOWN, 10_000), (KNOWN, 800))) == []


def test_what_bills_and_shop_say_differently_has_its_cause():
    less, later, missing, unpaid = (order(name) for name in ("E1", "E2", "E3", "E4"))
    shop = rows(0, KNOWN, less, later, missing, replace(unpaid, paid_at=None))
    bills = [alipay(0, (KNOWN, 10_800), (less, 10_000), (unpaid, 10_800)), alipay(1, (later, 10_800))]
    assert differences(shop, *bills, alipay(2, (order("E9"), 500))) == [
        ("paid_without_bill", "E3", 0, 0, 10_800),
        ("payment_differs_from_order", "E1", 0, 10_000, 10_800),
        ("payment_of_unknown_order", "42E9", 2, 500, 0),
        ("payment_of_unpaid_order", "E4", 0, 10_800, 0),
        ("payment_on_another_day", "E2", 0, 0, 10_800),
        ("payment_on_another_day", "E2", 1, 10_800, 0),
    ]


def test_an_order_lacks_a_bill_only_where_every_bill_of_its_shop_is_there():
    missing = order("E3", 1, 1)
    shop, alone = [rows(2, KNOWN, missing), bill(0, KNOWN)], order("E4")
    lacking = [("paid_without_bill", "E3", 1, 0, 10_800)]
    assert differences(*shop) == []
    assert differences(*shop, bill(1)) == lacking
    assert differences(*shop, bill(1), alipay(0, (alone, 10_800)), rows(0, alone)) == []
    assert differences(*shop, bill(1), alipay(0, (alone, 10_800)), rows(0, alone), alipay(1)) == lacking
    assert differences(rows(2, KNOWN, replace(missing, kind="cash_on_delivery")), *shop[1:], bill(1)) == []
