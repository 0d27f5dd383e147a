"""The table of what is checked: nothing without a rule or a reason, and no name that is not there."""

from services.validator.rules import RULES
from tests.support.domain_table import DOCS, TABLE, topics, written

STATEMENTS = [one for topic in topics() for one in topic["statements"]]
NOT_OF_THE_DOMAIN = {
    "page_duplicate",
    "page_unassigned",
    "document_duplicate",
    "document_locked",
    "document_unreadable",
    "document_hostile",
    "date_unsure",
}
"""Codes about the papers as files, which say nothing of immigration."""


def test_the_page_is_written_from_the_data():
    assert TABLE.read_text(encoding="utf-8") == written(), "python -m tests.support.domain_table"


def test_every_statement_has_a_rule_or_a_reason():
    assert [one["says"] for one in STATEMENTS if not (one.get("rules") or one.get("not"))] == []


def test_every_name_is_there():
    codes = {check.__module__.rpartition(".")[2] for check in RULES}
    assert {code for one in STATEMENTS for code in one.get("rules", [])} == codes - NOT_OF_THE_DOMAIN
    paths = [path for one in STATEMENTS for path in one.get("data", []) + one.get("tests", [])]
    assert [path for path in paths if not (DOCS.parent / path).exists()] == []
