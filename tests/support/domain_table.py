"""Writes `docs/domain.md` from `docs/domain.yaml`: what Wetink was built on, the rules, their tests, or why not.

`python -m tests.support.domain_table` after a change.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from tests.support.review_cases import all_cases

DOCS = Path(__file__).parents[2] / "docs"
TABLE = DOCS / "domain.md"
_HEAD = """# What is checked, and where

Every statement about signatures, dates and packets that Wetink was built on: the rule that says it, the data it
rests on, its tests in both directions, or the reason why no rule says it. Written from `domain.yaml` by
`python -m tests.support.domain_table`; a test compares.
"""


def topics() -> list[dict[str, Any]]:
    """The topics with their statements."""
    loaded: list[dict[str, Any]] = yaml.safe_load((DOCS / "domain.yaml").read_text(encoding="utf-8"))
    return loaded


def written() -> str:
    """The whole page."""
    cases = Counter((code, review["name"].startswith("trap: ")) for code, review in all_cases())
    parts = [_HEAD]
    for topic in topics():
        rows = ["| statement | rule | data | tests |", "| --- | --- | --- | --- |"]
        rows += [_row(one, cases) for one in topic["statements"]]
        parts.append("\n".join([f"## {topic['topic']}", "", *rows, ""]))
    return "\n".join(parts)


def _row(one: dict[str, Any], cases: Counter[tuple[str, bool]]) -> str:
    rules = [f"[{code}](../services/validator/rules/{code}.py)" for code in one.get("rules", [])]
    data = [_link(path) for path in one.get("data", [])]
    tests = [_review(code, cases) for code in one.get("rules", [])] + [
        _link(path) for path in one.get("tests", [])
    ]
    why = [f"Not told: {one['not']}."] if "not" in one else []
    return f"| {one['says']} | {', '.join(rules) or '-'} | {', '.join(data) or '-'} | {', '.join(why + tests)} |"


def _review(code: str, cases: Counter[tuple[str, bool]]) -> str:
    link = f"[review cases](../tests/review_cases/{code}.yaml)"
    return f"{link} ({cases[code, False]} and {cases[code, True]} traps)"


def _link(path: str) -> str:
    return f"[{Path(path).name}](../{path})"


if __name__ == "__main__":
    TABLE.write_text(written(), encoding="utf-8")
