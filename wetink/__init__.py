"""The little that all services share: contracts, stream, blobs, database, key store, settings.

Nothing in here knows a form or a rule. `wetink.cli` alone may import services.
"""
