"""The names of blobs: one place, so that a service can find what another wrote without being told.

Place in the pipeline: used by all services; names are deterministic, work done twice gives the same blob.
Trust level: made of our own ids. Residual risk: none.
"""


def original(document_id: str, number: int = 1) -> str:
    """The file as the client sent it; `number` counts the files of one upload."""
    return f"documents/{document_id}/original-{number}"


def password(document_id: str) -> str:
    """What opens a locked document: there from when it was told until the document was opened."""
    return f"documents/{document_id}/password"


def page(document_id: str, page_number: int) -> str:
    """One page, cut out of the original: opened by the sandbox alone."""
    return f"documents/{document_id}/page-{page_number}"


def reading(document_id: str, page_number: int) -> str:
    """The `PageReading` of a page."""
    return f"documents/{document_id}/reading-{page_number}"


def text(document_id: str, page_number: int) -> str:
    """The `PageText` of a page."""
    return f"documents/{document_id}/text-{page_number}"


def page_picture(document_id: str, page_number: int) -> str:
    """The WebP picture of a page for people."""
    return f"documents/{document_id}/picture-{page_number}"


def slot_picture(document_id: str, page_number: int, slot_id: str) -> str:
    """The PNG picture of one slot with its surroundings."""
    return f"documents/{document_id}/slot-{page_number}-{slot_id}"


def case_record(case_version: int) -> str:
    """A version of the case's record."""
    return f"record-{case_version}"


def judgement(case_revision: int) -> str:
    """The judgement of one revision; the validator adds a hash of its content, for two may race for a revision."""
    return f"judgement-{case_revision}"
