"""What Alembic runs for every service: the revisions, on the connection and in the transaction it was given.

Place in the pipeline: loaded by Alembic when `wetink.database.migrate` found work to do.
Trust level: our own files. Residual risk: none.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
