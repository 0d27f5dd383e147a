"""Fixtures that several contract tests share; defined here once, so that one server serves them all."""

from tests.support.kafka import kafka
from tests.support.postgres import postgres_socket, postgres_url

__all__ = ["kafka", "postgres_socket", "postgres_url"]
