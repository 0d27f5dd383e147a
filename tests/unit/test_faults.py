"""Fault points: the list and the code agree, orders are carried out once, and production refuses them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.support.system import CHECKOUT
from wetink import faults
from wetink.settings import SharedSettings


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(faults, "_FOLDER", str(tmp_path))
    monkeypatch.setattr(faults, "_SERVICE", "ocr")
    return tmp_path


def reached_in(path: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "reach" and isinstance(call.args[0], ast.Constant)
    ]


def test_the_code_has_exactly_the_points_of_the_list() -> None:
    files = [path for part in ("wetink", "services") for path in (CHECKOUT / part).rglob("*.py")]
    found = [point for path in files for point in reached_in(path)]
    assert sorted(found) == sorted(faults.POINTS)


def test_an_order_is_carried_out_once(orders: Path) -> None:
    (orders / "ocr@event.prepared@page.requested").write_text("fail")
    faults.reach("event.prepared", "document.received")
    with pytest.raises(faults.FaultError):
        faults.reach("event.prepared", "page.requested")
    faults.reach("event.prepared", "page.requested")
    assert list(orders.iterdir()) == []


def test_an_order_for_another_service_is_left_alone(orders: Path) -> None:
    (orders / "intake@blob.kept").write_text("fail")
    faults.reach("blob.kept")
    assert [order.name for order in orders.iterdir()] == ["intake@blob.kept"]


def test_without_the_variable_nothing_is_looked_at(orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_FOLDER", "")
    (orders / "ocr@blob.kept").write_text("fail")
    faults.reach("blob.kept")
    assert (orders / "ocr@blob.kept").exists()


def test_a_process_told_to_die_is_killed(tmp_path: Path) -> None:
    (tmp_path / "text@blob.kept").write_text("die")
    ended = subprocess.run(
        [sys.executable, "-c", "from wetink.faults import reach; reach('blob.kept')"],
        cwd=CHECKOUT,
        env={"WETINK_FAULTS": str(tmp_path), "WETINK_PROCESS": "text-1"},
        check=False,
    )
    assert ended.returncode == -9


def test_production_refuses_to_start_with_faults(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="WETINK_FAULTS"):
        SharedSettings(production=True, faults=tmp_path)
