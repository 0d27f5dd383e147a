"""The page of the case managers in a real browser: keys decide, and nothing moves under one's hands."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import THREE
from tests.support.notifier import finding

pytestmark = pytest.mark.browser
FOCUS = '[aria-current="true"]'


def titles(page):
    return page.locator("[data-flag-id] .title").all_inner_texts()


def focused(page):
    return page.locator(FOCUS).get_attribute("data-flag-id")


def test_the_open_flags_stand_in_their_order_with_their_pictures(page):
    assert [title.split(" is missing")[0] for title in titles(page)] == [
        "Applicant's signature",
        "Applicant's date of signature",
        "Page 6 of Form I-765",
    ]
    assert page.evaluate("document.querySelector('.thumb img').naturalWidth") == 700
    assert page.evaluate("document.querySelector('figure img').naturalWidth") == 700
    expect(page.locator(FOCUS)).to_have_count(1)


def test_j_and_k_move_the_focus_and_the_detail_follows(page):
    page.keyboard.press("j")
    expect(page.locator("#detail h2")).to_contain_text("date of signature")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("#detail h2")).to_contain_text("signature is missing")
    expect(page.locator(FOCUS)).to_have_count(1)


@pytest.mark.parametrize(("key", "status"), [("1", "confirmed"), ("2", "duplicate"), ("3", "dismissed")])
def test_one_key_decides_and_u_brings_the_flag_back_into_focus(page, house, key, status):
    flag_id = focused(page)
    page.keyboard.press(key)
    expect(page.locator("[data-flag-id]")).to_have_count(2)
    expect(page.locator("#live")).to_contain_text("U takes it back")
    flag = house.client().get(f"/v1/flags/{flag_id}").json()
    assert (flag["status"], flag["decided_by"]) == (status, "Ana")
    page.keyboard.press("u")
    expect(page.locator("[data-flag-id]")).to_have_count(3)
    expect(page.locator(FOCUS)).to_have_attribute("data-flag-id", flag_id)
    assert house.client().get(f"/v1/flags/{flag_id}").json()["status"] == "open"


def test_u_takes_back_one_decision_after_the_other(page):
    first = focused(page)
    page.keyboard.press("1")
    expect(page.locator("[data-flag-id]")).to_have_count(2)
    page.keyboard.press("3")
    expect(page.locator("[data-flag-id]")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator("[data-flag-id]")).to_have_count(2)
    page.keyboard.press("u")
    expect(page.locator(FOCUS)).to_have_attribute("data-flag-id", first)


def test_a_new_flag_is_put_in_its_place_and_the_focus_stays(page, house):
    page.keyboard.press("j")
    expect(page.locator("#detail h2")).to_contain_text("date of signature")
    before = focused(page)
    house.clock.moment += timedelta(minutes=1)
    house.judge(*THREE, finding(slot="other", title="Preparer's signature is missing"), revision=2)
    expect(page.locator("[data-flag-id]")).to_have_count(4)
    assert titles(page)[1] == "Preparer's signature is missing"
    assert focused(page) == before


def test_a_flag_that_somebody_else_decides_leaves_and_it_is_said_who(page, house):
    second = page.locator("[data-flag-id]").nth(1).get_attribute("data-flag-id")
    decided = house.client().post(f"/v1/flags/{second}/decision", json={"decision": "dismiss"}).json()
    expect(page.locator("[data-flag-id]")).to_have_count(2)
    expect(page.locator("#live")).to_contain_text(f"{decided['decided_by']} dismissed: Applicant's date")


def test_the_flag_in_focus_stays_in_sight_when_somebody_else_decides_it(page, house):
    flag_id = focused(page)
    house.client().post(f"/v1/flags/{flag_id}/decision", json={"decision": "confirm"})
    expect(page.locator(FOCUS)).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("3")
    expect(page.locator("#live")).to_contain_text("Already decided")
    page.keyboard.press("j")
    expect(page.locator("[data-flag-id]")).to_have_count(2)
    assert house.client().get(f"/v1/flags/{flag_id}").json()["status"] == "confirmed"


def test_a_corrected_page_closes_its_flag_before_ones_eyes(page, house):
    house.judge(*THREE[1:], revision=2)
    expect(page.locator(FOCUS)).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#live")).to_contain_text("wetink closed: Applicant's signature")


def test_h_opens_a_list_from_which_a_digit_snoozes(page, house):
    flag_id = focused(page)
    page.keyboard.press("h")
    expect(page.locator("#snooze-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#snooze-menu")).to_be_hidden()
    page.keyboard.press("h")
    page.keyboard.press("4")
    expect(page.locator("[data-flag-id]")).to_have_count(2)
    assert house.client().get(f"/v1/flags/{flag_id}").json()["status"] == "snoozed"


def test_a_assigns_by_the_marked_entry(page, house):
    flag_id = focused(page)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator(FOCUS)).to_contain_text("Ana")
    assert house.client().get(f"/v1/flags/{flag_id}").json()["assignee"] == "Ana"


def test_the_question_mark_explains_the_keys(page):
    page.keyboard.press("?")
    expect(page.locator("#help")).to_contain_text("take back your last decision")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


def test_without_connection_it_is_said_and_the_decision_is_refused(page, house):
    flag_id = focused(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.locator("#connection")).to_contain_text("No connection")
    expect(page.locator("[data-flag-id]")).to_have_count(3)
    page.context.set_offline(False)
    assert house.client().get(f"/v1/flags/{flag_id}").json()["status"] == "open"


def test_logging_out_ends_at_the_login(page):
    page.click("#logout")
    expect(page.locator("[name=key]")).to_be_visible()
