"""`wetink check`: perception and judgement of files as one packet, without Kafka and services.

Place in the pipeline: beside it, with the same reading and the same rules.
Trust level: files are opened in the sandbox alone; the case file is the caller's and is validated.
Residual risk: none of its own. A page that is no known form takes a second, for its text is read.
"""

import argparse
import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from services.ocr.file_reading import read_file
from services.ocr.sandbox.box import Sandbox
from services.ocr.settings import OcrSettings
from services.validator.case_view import CaseView, Days, DocumentView
from services.validator.checklists.comparing import checklist_of
from services.validator.explaining import why_not_flagged
from services.validator.judge import judge
from services.validator.requirements import Requirements, requirements_with
from services.validator.settings import ValidatorSettings
from services.validator.view import build_case_view
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.judgement import ChecklistLine, Finding
from wetink.contracts.reading import FileReading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink check` takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="in the order of their upload")
    parser.add_argument("--received", type=date.fromisoformat, metavar="DAY", help="day of receipt, default today")
    parser.add_argument("--case", type=Path, metavar="CASE.json", help="the case: the body of POST /v1/cases")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--explain", action="store_true", help="say of each place without a finding why not")


def run(arguments: argparse.Namespace) -> int:
    """Read, judge and print; 1 when some file is locked, unreadable or hostile, 2 when one cannot be opened."""
    settings = OcrSettings()
    try:
        details = _case_details(arguments.case)
        contents = [path.read_bytes() for path in arguments.files]
        requirements = requirements_with(ValidatorSettings().requirements)
    except (OSError, ValidationError, ValueError) as error:
        print(f"wetink check: {_in_words(error)}", file=sys.stderr)
        return 2
    temp = settings.data / "tmp"
    sandbox = Sandbox(temp / f"check-{os.getpid()}", [settings.learned])
    text_sandbox = Sandbox(temp / f"check-text-{os.getpid()}", lane="text")
    try:
        named = zip(map(str, arguments.files), contents, strict=True)
        files = [read_file(name, [content], sandbox, text_sandbox) for name, content in named]
    finally:
        sandbox.close()
        text_sandbox.close()
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.time_zone)).date()
    report = check_files(files, details, requirements, received_on=arguments.received or today)
    print(json.dumps(report) if arguments.json else _in_plain_words(report, explain=arguments.explain))
    return int(any(file.status not in ("read", "partial") for file in files))


def check_files(
    files: list[FileReading], details: CaseDetails, requirements: Requirements, *, received_on: date
) -> dict[str, Any]:
    """What `--json` prints: the files, the findings, the slots with verdicts, and why they have no finding.

    Where the case says what is being filed, its checklist too.
    Judged as on the day of receipt, so that the same files give the same findings on any day.
    """
    documents = [_document(file, number, received_on) for number, file in enumerate(files, 1)]
    view = build_case_view(details, documents, requirements, is_settled=True)
    days = Days(received_on, {document.id: received_on for document in documents})
    findings = judge(view, days)
    names = {document.id: file.file for document, file in zip(documents, files, strict=True)}
    return {
        "files": [_file(file) for file in files],
        "findings": [_finding(finding, names) for finding in findings],
        "slots": _slots(view, names, findings),
        "checklist": [_line(line, names) for line in checklist_of(view, days.today)],
    }


def _file(file: FileReading) -> dict[str, Any]:
    """A file and what kind of paper its pages are that are no known form."""
    return file.model_dump(mode="json", exclude={"pages": True, "texts": {"__all__": {"words"}}})


def _case_details(path: Path | None) -> CaseDetails:
    if path is None:
        return CaseDetails(reference="check")
    return CaseDetails.model_validate_json(path.read_bytes())


def _document(file: FileReading, number: int, received_on: date) -> DocumentView:
    """A file as a document; how single pages ended tells more than the file's status does."""
    are_pages_read = all(page.outcome == "read" for page in file.pages)
    is_told_by_pages = bool(file.pages) and not (file.status == "partial" and are_pages_read)
    return DocumentView(
        id=f"file-{number}",
        number=number,
        received_on=received_on,
        outcome="read" if is_told_by_pages else file.status,
        reason=file.reason,
        pages_total=len(file.pages),
        pages={page.number: page for page in file.pages},
        texts={text.number: text for text in file.texts},
        texts_awaited=frozenset(text.number for text in file.texts),
    )


def _finding(finding: Finding, names: dict[str, str]) -> dict[str, Any]:
    shown = finding.model_dump(mode="json", exclude={"document_id", "evidence"})
    return {"file": names.get(finding.document_id or ""), **shown}


def _line(line: ChecklistLine, names: dict[str, str]) -> dict[str, Any]:
    seen = [{"file": names[one.document_id], "pages": one.pages} for one in line.seen]
    return {**line.model_dump(mode="json"), "seen": seen}


def _slots(view: CaseView, names: dict[str, str], findings: list[Finding]) -> list[dict[str, Any]]:
    flagged = {(one.form_copy, one.slot) for one in findings}
    return [
        {
            "file": names[slot.page.document.id],
            "form": slot.page.form,
            "edition": slot.page.edition,
            "form_page": slot.page.form_page,
            "form_copy": copy.id,
            "document_page": slot.page.reading.number,
            **slot.reading.model_dump(mode="json"),
            "verdict": slot.verdict,
            "why": None if (copy.id, slot.reading.id) in flagged else why_not_flagged(slot, view.details),
        }
        for copy in view.copies
        for slot in copy.slots
    ]


def _in_plain_words(report: dict[str, Any], *, explain: bool) -> str:
    unread = [f"{file['file']}: {file['status']}" for file in report["files"] if file["status"] != "read"]
    found = [f"{one['severity']}: {one['title']}. {one['found']}" for one in report["findings"]]
    why = [f"{one['form']} {one['id']}: {one['why']}" for one in report["slots"] if explain and one["why"]]
    return "\n".join(unread + (found or ["No findings."]) + why)


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, ValidationError):
        wrong = error.errors()[0]
        return f"the case file: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"
    return str(error)
