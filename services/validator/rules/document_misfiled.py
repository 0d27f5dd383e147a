"""Is a document in the wrong case?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_document
from services.validator.sources import RIGHT_PERSON
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each document whose forms name nobody of the case; nobody's data is quoted, of other cases only the id."""
    for misfiled in case.misfiled:
        yield about_document(
            misfiled.document,
            code="document_misfiled",
            severity="high",
            title="A document is that of somebody else",
            expected="Forms of the people of this case.",
            found=f"The document names nobody of this case.{_where(misfiled.belongs_to)}",
            rule=RIGHT_PERSON,
        )


def _where(belongs_to: tuple[str, ...]) -> str:
    if not belongs_to:
        return ""
    cases = "the case" if len(belongs_to) == 1 else "the cases"
    return f" The person it names is in {cases} {', '.join(belongs_to)}."
