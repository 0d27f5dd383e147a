"""Whoever runs it finds every setting and every command described, and no description of what is not there."""

import importlib
import re

import pytest

from services.intake.settings import IntakeSettings
from services.notifier.settings import NotifierSettings
from services.ocr.settings import OcrSettings
from services.validator.settings import ValidatorSettings
from tests.support.system import CHECKOUT
from wetink.cli.__main__ import COMMANDS, main

SETTINGS = (IntakeSettings, NotifierSettings, OcrSettings, ValidatorSettings)
SET_BY_THE_SUPERVISOR = {"WETINK_PROCESS"}
GUIDES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *(CHECKOUT / "docs").rglob("*.md")]
TABLE = re.compile(r"^\| (`[A-Z_`, ]+) \|", re.MULTILINE)
"""A row of README's table of settings."""


def names() -> set[str]:
    """The environment variable of every field of every settings class."""
    fields = {name: field for settings in SETTINGS for name, field in settings.model_fields.items()}
    return {str(field.validation_alias or f"WETINK_{name.upper()}") for name, field in fields.items()}


def test_every_setting_stands_in_the_readme_and_nothing_else_does() -> None:
    rows = TABLE.findall((CHECKOUT / "README.md").read_text())
    told = {name for row in rows for name in re.findall(r"\w+", row)}
    assert told == names() - SET_BY_THE_SUPERVISOR


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_there_and_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"wetink {command}" in capsys.readouterr().out
    assert callable(importlib.import_module(f"wetink.cli.{command.replace('-', '_')}").run)


def test_the_guides_name_only_commands_that_exist() -> None:
    named = {
        word for guide in GUIDES for word in re.findall(r"`(?:\.venv/bin/)?wetink ([a-z-]+)", guide.read_text())
    }
    assert named
    assert named <= set(COMMANDS)


def test_the_guides_name_only_targets_of_make_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word
        for guide in [*GUIDES, CHECKOUT / "benchmarks" / "README.md"]
        for word in re.findall(r"`make ([a-z-]+)", guide.read_text())
    }
    assert {name for name in named - targets if not name.startswith("bench-")} == set()


def test_every_link_of_the_guides_leads_somewhere() -> None:
    for guide in GUIDES:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", guide.read_text()):
            assert (guide.parent / link).exists(), f"{guide.name}: {link}"
