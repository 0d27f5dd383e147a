"""Who may import whom, as `.importlinter` says; and only `wetink.stream` names a Kafka client."""

import ast
from pathlib import Path

from importlinter import cli

CHECKOUT = Path(__file__).resolve().parents[2]
CLIENTS = {"aiokafka", "faust", "kafka", "mode"}


def imported(file: Path) -> set[str]:
    """The outermost packages that `file` imports anywhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def test_the_contracts_of_importlinter_hold(monkeypatch):
    monkeypatch.chdir(CHECKOUT)
    assert cli.lint_imports(config_filename=str(CHECKOUT / ".importlinter"), no_cache=True) == 0


def test_only_the_stream_module_imports_a_kafka_client():
    files = [*(CHECKOUT / "wetink").rglob("*.py"), *(CHECKOUT / "services").rglob("*.py")]
    others = [file for file in files if CHECKOUT / "wetink" / "stream" not in file.parents]
    assert [str(file) for file in others if imported(file) & CLIENTS] == []


def test_rules_import_no_input_or_output():
    rules = CHECKOUT / "services" / "validator" / "rules"
    banned = {"io", "os", "pathlib", "socket", "subprocess", "urllib", "time", "random", "logging"}
    assert [str(file) for file in rules.rglob("*.py") if imported(file) & banned] == []
