"""The services' databases: SQLite by default, PostgreSQL by setting; one database (or schema) per service.

Place in the pipeline: effects, inbox, outbox, retries and dead letters of a service commit together here.
Trust level: ids and codes, and what case managers wrote; client data only as encrypted blobs elsewhere.
"""

from wetink.database.port import Database

__all__ = ["Database"]
