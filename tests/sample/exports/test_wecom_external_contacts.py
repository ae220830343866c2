"""Contacts of WeCom, byte by byte."""

import json


def test_contacts_come_by_fifty_with_a_cursor_to_the_next(delivered, read_documents):
    for d in (d for d in delivered if d.source == "wecom_main"):
        pages = read_documents(d)
        sizes = [len(page["external_contact_list"]) for page in pages]
        assert all(size == 50 for size in sizes[:-1])
        assert all(page["next_cursor"] for page in pages[:-1])
        assert pages[-1]["next_cursor"] == ""


def contacts_of(delivery):
    pages = map(json.loads, delivery.body.decode().splitlines())
    return [each for page in pages for each in page["external_contact_list"]]


def test_contacts_are_shown_as_documented(sample):
    contacts = contacts_of(sample.deliveries(sample.night(120))[0])
    people = [each["external_contact"] for each in contacts]
    follow = [each["follow_info"] for each in contacts]
    ids = [person["external_userid"] for person in people]
    assert all(i.startswith("wm") and len(i) == 32 for i in ids)
    assert len(set(ids)) < len(ids), "nobody was added by two colleagues"
    assert 0.02 < sum("unionid" not in person for person in people) / len(people) < 0.2
    assert any(each["remark_mobiles"] for each in follow)
    assert {each["state"] for each in follow} == {
        "inquiry_live",
        "inquiry_article",
        "welfare_qr",
        "package_card",
        "",
    }


def test_snapshots_are_complete_and_some_contacts_disappear(sample):
    first = contacts_of(sample.deliveries(sample.night(1))[0])
    last = contacts_of(sample.deliveries(sample.night(120))[0])
    gone = {e["external_contact"]["external_userid"] for e in first} - {
        e["external_contact"]["external_userid"] for e in last
    }
    assert 0 < len(gone) < len(first) / 5
