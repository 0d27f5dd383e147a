"""Perception: what is on a page, without any judgement.

Place in the pipeline: pure functions that run inside the sandbox child alone: no Kafka, database, network and no
files are written. Trust level: they open what clients sent. Residual risk: see each module; whatever goes wrong
in here ends with the child.
"""

ENGINE_VERSION = "3"
"""Grows whenever the same bytes may give another reading."""
