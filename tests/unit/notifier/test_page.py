"""The page: login, session, and what it shows, without a browser."""

from datetime import timedelta

import pytest

from services.notifier.page.throttle import Throttle
from tests.support.calling import caller
from tests.support.notifier import House, finding


@pytest.fixture
def house():
    house = House()
    house.judge(finding(title="<b>Bold</b> is missing", found="<script>alert(1)</script>"))
    house.keystore.create_user(house.organisation_id, "ana", "manager", "long enough words")
    return house


@pytest.fixture
def browser(house):
    browser = caller(house.app, base_url="https://queue.example")
    browser.post("/login", data={"name": "ana", "password": "long enough words"})
    return browser


def csrf_token(browser):
    return browser.get("/").text.partition('data-csrf="')[2].partition('"')[0]


def test_without_a_session_the_page_leads_to_the_login(house):
    answer = caller(house.app).get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_a_name_or_a_managers_key_opens_the_queue(house, browser):
    by_key = caller(house.app, base_url="https://queue.example")
    by_key.post("/login", data={"key": house.key("admin")})
    for one in (browser, by_key):
        assert one.get("/").text.count("data-flag-id") == one.get("/").text.count('aria-current="true"') == 1


@pytest.mark.parametrize("role", ["client", None])
def test_a_clients_key_or_a_wrong_one_does_not(house, role):
    key = house.key(role) if role else "wtk_wrong"
    answer = caller(house.app).post("/login", data={"key": key})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_kept_from_scripts_and_other_sites(house):
    browser = caller(house.app, base_url="https://queue.example")
    cookie = browser.post("/login", data={"key": house.key()}).headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "secure"))


def test_a_login_that_another_site_sends_is_refused(house):
    answer = caller(house.app).post("/login", data={"key": house.key()}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_session_alone_may_read_but_not_decide(house, browser):
    path = f"/v1/flags/{house.flag()['id']}"
    assert browser.get(path).status_code == 200
    assert browser.post(f"{path}/decision", json={"decision": "confirm"}).status_code == 401
    token = csrf_token(browser)
    decided = browser.post(f"{path}/decision", json={"decision": "confirm"}, headers={"X-CSRF-Token": token})
    assert decided.json()["decided_by"] == "ana"


def test_a_disabled_user_is_out_at_once(house, browser):
    house.keystore.disable_user("ana")
    assert browser.get("/").status_code == 303
    assert browser.get("/v1/flags").status_code == 401


def test_logging_out_ends_the_session_itself(house, browser):
    cookie = dict(browser.cookies)
    assert browser.post("/logout", headers={"X-CSRF-Token": csrf_token(browser)}).status_code == 204
    thief = caller(house.app, base_url="https://queue.example", cookies=cookie)
    assert thief.get("/").status_code == 303


def test_many_wrong_passwords_are_slowed_down(house):
    client = caller(house.app)
    *tries, last = [client.post("/login", data={"key": "wrong"}) for _ in range(11)]
    assert {one.status_code for one in tries} == {401}
    assert (last.status_code, last.headers["Retry-After"]) == (429, "300")


def test_after_five_minutes_passwords_may_be_tried_again():
    throttle = Throttle()
    for _ in range(10):
        throttle.note_failure("203.0.113.1", 1_000)
    assert [throttle.is_open("203.0.113.1", moment) for moment in (1_001, 1_300, 1_301)] == [False, False, True]
    assert throttle.is_open("203.0.113.2", 1_001)


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps_ends_or_keeps_sessions_and_logging_in_works(house, browser, jump):
    house.clock.moment += jump
    assert browser.get("/").status_code == (303 if jump > timedelta(0) else 200)
    browser.post("/login", data={"name": "ana", "password": "long enough words"})
    assert browser.get("/").status_code == 200
    assert browser.get("/v1/flags").status_code == 200


def test_what_comes_from_paper_is_escaped(house, browser):
    texts = browser.get("/").text + browser.get(f"/page/flags/{house.flag()['id']}/detail").text
    assert "<script>alert" not in texts
    assert "<b>Bold" not in texts
    assert "<samp>&lt;script&gt;" in texts


def test_days_are_written_for_people(house, browser):
    house.handle_case(house.open_case("case_1", version=2, due_on="2026-03-09"))
    page = browser.get("/").text
    assert "due 9 March 2026" in page
    assert "Reference of case_1" in page


def test_the_page_takes_nothing_from_elsewhere(browser):
    page = browser.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http://" not in page.text
    assert "https://" not in page.text
    for path in ("/static/queue.js", "/static/wetink.css", "/static/icon.svg"):
        assert browser.get(path).status_code == 200


def test_the_documentation_needs_nothing_from_elsewhere(house):
    page = caller(house.app).get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text.replace(house.ports.queue_url, "")
    assert "/v1/flags/{flag_id}/decision" in page.text
