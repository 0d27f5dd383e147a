"""A protected case is for named people, administrators and managers' keys; others find nothing of it anywhere."""

import pytest

from services.notifier.api.stream import _after
from services.notifier.tables import readers
from tests.support.calling import caller as calling
from tests.support.notifier import House, finding
from wetink.keystore import Caller

PASSWORD = "correct horse battery"


@pytest.fixture
def house():
    house = House(queue_url="http://queue.test")
    house.open_case("case_2", protected=True)
    house.judge(finding())
    house.judge(finding(), case_id="case_2")
    return house


def person(house, name, role="manager"):
    user = house.keystore.create_user(house.organisation_id, name, role, PASSWORD)
    client = calling(house.app)
    assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code in {200, 303}
    return user, client


def name_for(house, user, case_id):
    with house.database.transaction() as transaction:
        transaction.execute(readers.insert().values(case_id=case_id, user_id=user.id))


def case_ids(client):
    return {flag["case_id"] for flag in client.get("/v1/flags?status=all").json()["items"]}


def protected_flag(house):
    return next(f for f in house.client().get("/v1/flags").json()["items"] if f["case_id"] == "case_2")


def test_a_person_who_is_not_named_sees_no_flag_of_it(house):
    _user, client = person(house, "maria")
    assert case_ids(client) == {"case_1"}
    flag_id = protected_flag(house)["id"]
    for path in (f"/v1/flags/{flag_id}", f"/v1/flags/{flag_id}/evidence.png"):
        assert client.get(path).status_code == 404
    assert flag_id not in client.get("/").text


def test_a_person_who_is_named_sees_it(house):
    user, client = person(house, "maria")
    name_for(house, user, "case_2")
    assert case_ids(client) == {"case_1", "case_2"}
    assert client.get(f"/v1/flags/{protected_flag(house)['id']}").status_code == 200


def test_administrators_and_managers_keys_see_it(house):
    _user, administrator = person(house, "ada", "admin")
    assert case_ids(administrator) == case_ids(house.client()) == {"case_1", "case_2"}


def test_the_stream_tells_a_person_only_of_what_the_person_may_see(house):
    maria = Caller("usr_1", house.organisation_id, "manager", "maria")
    office = Caller("key_1", house.organisation_id, "manager", "office")
    assert {row.case_id for row in _after(house.ports, maria, 0)} == {"case_1"}
    assert {row.case_id for row in _after(house.ports, office, 0)} == {"case_1", "case_2"}
