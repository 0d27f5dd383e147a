"""What every key store does: the fake, and the real one on SQLite and PostgreSQL."""

import dataclasses

import pytest

from wetink.errors import CaseDeletedError
from wetink.keystore import Caller, CaseHeldError, open_keystore
from wetink.keystore.fake import FakeKeyStore
from wetink.settings import SharedSettings

PASSWORD = "correct horse battery"


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def keystore(request, tmp_path):
    if request.param == "fake":
        store = FakeKeyStore()
    else:
        url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
        store = open_keystore(SharedSettings(data=tmp_path / "data", database_url=url))
    yield store
    store.close()


@pytest.fixture
def firm(keystore):
    return keystore.create_organisation("A firm", "America/New_York")


@pytest.fixture
def clinic(keystore):
    return keystore.create_organisation("A clinic", "UTC")


def test_an_organisation_is_made_once(keystore, firm, clinic):
    assert keystore.create_organisation("A firm", "UTC") == firm
    assert keystore.organisations() == [clinic, firm]
    assert keystore.organisation(firm.id) == firm
    assert keystore.organisation("org_unknown") is None


@pytest.mark.parametrize("time_zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_a_time_zone_that_is_none_is_refused(keystore, time_zone):
    with pytest.raises(ValueError, match="time zone"):
        keystore.create_organisation("A firm", time_zone)


def test_a_key_says_who_calls(keystore, firm):
    secret, key = keystore.create_access_key(firm.id, "manager")
    assert secret.startswith("wtk_")
    assert len(secret) == len("wtk_") + 43
    assert keystore.caller_of(secret) == Caller(key.id, firm.id, "manager", key.prefix)


def test_keys_are_listed_without_their_secret(keystore, firm, clinic):
    secret, key = keystore.create_access_key(firm.id, "manager")
    _, other = keystore.create_access_key(clinic.id, "client")
    assert {one.id for one in keystore.access_keys()} == {key.id, other.id}
    assert keystore.access_keys(firm.id) == [key]
    assert secret not in repr(dataclasses.asdict(key))


@pytest.mark.parametrize("secret", ["", "wtk_", "wtk_" + "A" * 43, "ü\ud800"])
def test_a_secret_that_nobody_has_is_nobodys(keystore, firm, secret):
    keystore.create_access_key(firm.id, "admin")
    assert keystore.caller_of(secret) is None


def test_a_revoked_key_opens_nothing_and_stays_listed(keystore, firm):
    secret, key = keystore.create_access_key(firm.id, "admin")
    assert keystore.revoke_access_key(key.id)
    assert keystore.revoke_access_key(key.id)
    assert keystore.caller_of(secret) is None
    assert [one.revoked_at is None for one in keystore.access_keys()] == [False]
    assert not keystore.revoke_access_key("key_unknown")


def test_a_given_secret_makes_one_key_however_often_it_is_given(keystore, firm):
    secret = "wtk_" + "B" * 43
    _, first = keystore.create_access_key(firm.id, "client", secret)
    told, again = keystore.create_access_key(firm.id, "client", secret)
    assert (told, again) == (secret, first)


def test_a_key_needs_an_organisation_and_a_strong_secret(keystore, firm):
    with pytest.raises(ValueError, match="no organisation"):
        keystore.create_access_key("org_unknown", "admin")
    with pytest.raises(ValueError, match="256 random bits"):
        keystore.create_access_key(firm.id, "admin", "wtk_short")


def test_a_person_logs_in_by_name_and_password(keystore, firm):
    user = keystore.create_user(firm.id, "Maria@example.org", "manager", PASSWORD)
    caller = Caller(user.id, firm.id, "manager", "Maria@example.org")
    assert keystore.user_caller("Maria@example.org", PASSWORD) == caller
    assert keystore.user_caller(" maria@EXAMPLE.org", PASSWORD) == caller
    assert keystore.user_caller("Maria@example.org", PASSWORD + "!") is None
    assert keystore.user_caller("nobody", PASSWORD) is None


def test_a_name_is_taken_once_and_a_password_is_long(keystore, firm, clinic):
    keystore.create_user(firm.id, "maria", "manager", PASSWORD)
    with pytest.raises(ValueError, match="already"):
        keystore.create_user(clinic.id, "Maria", "manager", PASSWORD)
    with pytest.raises(ValueError, match="12 characters"):
        keystore.create_user(firm.id, "ana", "manager", "11 letters.")
    with pytest.raises(ValueError, match="no organisation"):
        keystore.create_user("org_unknown", "ana", "manager", PASSWORD)


def test_a_reset_password_replaces_the_old_one(keystore, firm):
    keystore.create_user(firm.id, "maria", "manager", PASSWORD)
    assert keystore.reset_user("MARIA", "another long password")
    assert keystore.user_caller("maria", PASSWORD) is None
    assert keystore.user_caller("maria", "another long password")
    assert not keystore.reset_user("nobody", PASSWORD)


def test_a_disabled_person_cannot_log_in_and_stays_listed(keystore, firm, clinic):
    user = keystore.create_user(firm.id, "maria", "manager", PASSWORD)
    assert keystore.disable_user("maria")
    assert keystore.user_caller("maria", PASSWORD) is None
    assert keystore.users() == keystore.users(firm.id) == [dataclasses.replace(user, is_disabled=True)]
    assert keystore.users(clinic.id) == []
    assert not keystore.disable_user("nobody")


def test_each_case_has_a_key_of_its_own_that_stays(keystore, firm, clinic):
    for organisation, case in ((firm, "case_1"), (firm, "case_2"), (clinic, "case_1")):
        keystore.create_case_key(organisation.id, case)
    first = keystore.case_key(firm.id, "case_1")
    keystore.create_case_key(firm.id, "case_1")
    assert len(first) == 32
    assert keystore.case_key(firm.id, "case_1") == first
    assert len({first, keystore.case_key(firm.id, "case_2"), keystore.case_key(clinic.id, "case_1")}) == 3


def test_a_destroyed_case_key_is_gone_for_ever(keystore, firm):
    keystore.create_case_key(firm.id, "case_1")
    keystore.destroy_case_key(firm.id, "case_1")
    keystore.destroy_case_key(firm.id, "case_1")
    with pytest.raises(CaseDeletedError):
        keystore.case_key(firm.id, "case_1")
    with pytest.raises(CaseDeletedError):
        keystore.create_case_key(firm.id, "case_1")


def test_a_case_that_was_never_made_has_no_key(keystore, firm):
    with pytest.raises(CaseDeletedError):
        keystore.case_key(firm.id, "case_unknown")


def test_what_is_sealed_opens_for_the_same_organisation_and_purpose_alone(keystore, firm, clinic):
    sealed = keystore.seal(firm.id, "webhook", b"whsec_1")
    assert b"whsec_1" not in sealed
    assert keystore.unseal(firm.id, "webhook", sealed) == b"whsec_1"
    for organisation, purpose, data in (
        (clinic.id, "webhook", sealed),
        (firm.id, "mail", sealed),
        (firm.id, "webhook", sealed[:-1]),
        (firm.id, "webhook", b""),
        ("org_unknown", "webhook", sealed),
    ):
        with pytest.raises(ValueError, match=r"not sealed|sealed in a format|no organisation"):
            keystore.unseal(organisation, purpose, data)


def test_a_held_case_keeps_its_key_until_it_is_released(keystore, firm):
    keystore.create_case_key(firm.id, "case_1")
    assert keystore.hold_case("case_1", is_held=True)
    assert keystore.held_cases() == {"case_1"}
    with pytest.raises(CaseHeldError):
        keystore.destroy_case_key(firm.id, "case_1")
    assert keystore.case_key(firm.id, "case_1")
    assert keystore.hold_case("case_1", is_held=False)
    keystore.destroy_case_key(firm.id, "case_1")
    assert [case.case_id for case in keystore.deleted_cases()] == ["case_1"]
    assert not keystore.hold_case("case_1", is_held=True)


def test_an_organisation_keeps_its_cases_until_it_says_for_how_long(keystore, firm):
    assert keystore.organisation(firm.id).keep_days is None
    keystore.keep_cases(firm.id, 2190)
    assert keystore.organisation(firm.id).keep_days == 2190
