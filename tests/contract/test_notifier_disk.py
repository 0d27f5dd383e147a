"""The queue on a full disk: it can be looked at, decisions are refused whole, and all goes on by itself."""

import pytest

from tests.support.notifier import House, finding
from wetink.database import migrate, open_database
from wetink.settings import SharedSettings


@pytest.fixture
def house(disk):
    database = open_database(SharedSettings(data=disk.folder), "notifier")
    migrate(database, "services.notifier")
    house = House(database)
    house.judge(finding())
    yield house
    database.close()


def test_a_decision_on_a_full_disk_is_507_and_nothing_of_it_stays(house, disk):
    manager, flag = house.client(), house.flag()
    path = f"/v1/flags/{flag['id']}/decision"
    disk.fill()
    before = house.everything()
    answers = [manager.post(path, json={"decision": "confirm", "reason": "x" * 2_000}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {507}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert manager.get("/v1/flags").json()["items"] == [flag]
    assert house.everything() == before
    disk.make_room()
    assert manager.post(path, json={"decision": "confirm"}).json()["status"] == "confirmed"


def test_a_login_on_a_full_disk_is_507(house, disk):
    key = house.key("manager")
    disk.fill()
    assert house.client().post("/login", data={"key": key}).status_code == 507
    disk.make_room()
    assert house.client().post("/login", data={"key": key}).status_code == 303
