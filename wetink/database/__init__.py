"""The services' databases: SQLite by default, PostgreSQL by setting; one database (or schema) per service.

Place in the pipeline: effects, inbox, outbox, retries and dead letters of a service commit together here.
Trust level: ids and codes, and what case managers wrote; client data only as encrypted blobs elsewhere.
Residual risk: ids, codes and times are readable by whoever can read the files.
"""

from wetink.database.migrate import migrate, start_anew
from wetink.database.opening import open_database
from wetink.database.port import Database

__all__ = ["Database", "migrate", "open_database", "start_anew"]
