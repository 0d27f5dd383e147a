"""What an error becomes for the caller."""

import psycopg
from psycopg.errors import NumericValueOutOfRange
from sqlalchemy.exc import DataError

from wetink.http import problems
from wetink.http.problems import problem_of


def refused(error: psycopg.DataError) -> DataError:
    return DataError("INSERT", {}, error)


def test_a_nul_character_that_postgres_driver_refuses_is_the_callers_mistake():
    problem = problem_of(refused(psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")))
    assert problem.status_code == 422
    assert "NUL" in problem.detail


def test_any_other_value_that_the_database_refuses_is_ours_and_logged(monkeypatch):
    logged = []
    monkeypatch.setattr(problems._log, "error", lambda code, error: logged.append(code))
    assert problem_of(refused(NumericValueOutOfRange("integer out of range"))).status_code == 500
    assert logged == ["request_failed"]
