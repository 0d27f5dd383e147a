"""The validator's tables: which documents and pages a case has, and where their readings are.

Place in the pipeline: written by the handlers, read for each judgement.
Trust level: ids, codes, days and blob names; what paper says stays in blobs.
Residual risk: who reads the file learns how many pages a case has.
"""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text

from wetink.database.types import UtcDateTime

metadata = MetaData()

SHAPE = tuple(f"shape_{number}" for number in range(6))
"""The columns of `wetink.fingerprints.shape_of`."""

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("state_revision", Integer, nullable=False),
    Column("case_version", Integer, nullable=False),
    Column("record_blob", String(200)),
    Column("case_revision", Integer, nullable=False),
    Column("flagged_revision", Integer, nullable=False, default=0),
    Column("last_upload_at", UtcDateTime),
    Column("judge_at", UtcDateTime, index=True),
    Column("told", Text),
    Column("said", String(64)),
    Column("is_deleted", Boolean, nullable=False),
)
"""`state_revision` grows with every change, `case_revision` with every judgement; `flagged_revision` is the
last judgement whose flags are in the queue. `judge_at` is when the case is to be judged although no event comes;
`told` holds the identities of findings that were told as nothing more was expected, and that are told on when
something comes; `said` is a hash of the last judgement. A deleted case keeps its row, so that late events of it
are dropped."""

documents = Table(
    "documents",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("document_number", Integer, primary_key=True),
    Column("document_id", String(64), nullable=False),
    Column("outcome", String(16)),
    Column("reason", String(64)),
    Column("pages_total", Integer, nullable=False),
    Column("received_on", String(10)),
    Column("replaces_document_id", String(64)),
    Column("pages_read", Integer, nullable=False),
    Column("texts_awaited", Integer, nullable=False),
    Column("read_up_to", Integer, nullable=False),
    Column("form_ends_at", Integer, nullable=False),
    Column("judged_up_to", Integer, nullable=False),
)
"""A row for each announcement of a document. `outcome` is null until it was opened; `texts_awaited` counts read
pages whose text is still to come; pages 1 to `read_up_to` are read, the last page of a form among them is
`form_ends_at`; `judged_up_to` is what `read_up_to` was at the last judgement."""

pages = Table(
    "pages",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("document_number", Integer, primary_key=True),
    Column("page_number", Integer, primary_key=True),
    Column("outcome", String(16)),
    Column("reason", String(64)),
    Column("reading_blob", String(200)),
    Column("is_text_awaited", Boolean, nullable=False),
    Column("ends_form", Boolean, nullable=False),
    Column("text_outcome", String(16)),
    Column("text_blob", String(200)),
)
"""`outcome` is null until the page was read, `text_outcome` until its text came; `ends_form` marks the last page
of a learned form."""

marks = Table(
    "marks",
    metadata,
    Column("mark_id", String(300), primary_key=True),
    Column("case_id", String(64), nullable=False, index=True),
    Column("organisation_id", String(64), nullable=False),
    Column("document_number", Integer, nullable=False),
    Column("reading_blob", String(200), nullable=False),
    Column("form", String(32), nullable=False),
    Column("slot_id", String(120), nullable=False),
    *(Column(name, Integer, nullable=False) for name in SHAPE),
    Column("same_as", String(300)),
    Index("marks_of_organisation", "organisation_id", *SHAPE[:2]),
)
"""A row for each signature that counts in its case and has a fingerprint: no picture, but six numbers of its
shape, by which those of the organisation's other cases are found. `same_as` is the `mark_id` of the mark in
another case of which it is a copy; that was looked for once, when the row was made."""
