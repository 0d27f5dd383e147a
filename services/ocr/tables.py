"""The ocr service's tables: documents, their pages, and crashes counted.

Place in the pipeline: written by the handlers of ocr and the text lane, together with inbox and outbox.
Trust level: ids, numbers and codes only; what was read lies in encrypted blobs. Residual risk: none.
"""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()
_ID = String(64)

documents = Table(
    "documents",
    metadata,
    Column("document_id", _ID, primary_key=True),
    Column("organisation_id", _ID, nullable=False),
    Column("case_id", _ID, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("files", Text, nullable=False),
    Column("received_on", String(10), nullable=False),
    Column("replaces_document_id", _ID),
    Column("outcome", String(16), nullable=False),
    Column("reason", _ID),
    Column("pages_total", Integer, nullable=False),
)
"""A document that was opened. `number` is the newest one it was announced under; `files` are the blob names of its
files, a line each."""

pages = Table(
    "pages",
    metadata,
    Column("document_id", _ID, primary_key=True),
    Column("page_number", Integer, primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("has_blob", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(16)),
    Column("reason", _ID),
    Column("reading_blob", String(200)),
    Column("is_text_awaited", Boolean, nullable=False, default=False),
    Column("text_state", String(16), nullable=False),
)
"""A page that was cut. `state` and `text_state` are `waiting`, `requested` or `done`, the windows count what is
`requested`; a text that nobody waits for is `ready` before it is requested. A page without a blob could not be cut
and is `done` for both."""
Index("pages_by_state", pages.c.document_id, pages.c.state)
pages_by_text_state = Index("pages_by_text_state", pages.c.text_state)

crashes = Table(
    "crashes",
    metadata,
    Column("event_id", _ID, primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("count", Integer, nullable=False),
)
"""How often the sandbox child crashed over an event; the worker saw each."""
