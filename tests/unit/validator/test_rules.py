"""The registry of rules holds what the folder holds, and rules look at nothing but what they are given."""

import ast
from pathlib import Path

import services.validator.rules
from services.validator.rules import RULES

FILES = sorted(
    path for path in Path(services.validator.rules.__file__).parent.glob("*.py") if path.stem != "__init__"
)
PURE = ("collections.abc", "datetime", "services.validator.", "wetink.contracts.")


def test_every_rule_is_registered_once():
    assert sorted(rule.__module__.rpartition(".")[2] for rule in RULES) == [path.stem for path in FILES]


def test_every_rule_finds_the_code_of_its_file():
    for path in FILES:
        assert f'code="{path.stem}"' in path.read_text()


def test_rules_have_no_clock():
    for path in FILES:
        calls = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert not calls & {"now", "utcnow"}
        assert ".today()" not in path.read_text()


def test_rules_import_nothing_that_could_look_outside():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            assert not isinstance(node, ast.Import)
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").startswith(PURE), f"{path.name}: {node.module}"
