"""The queue over HTTP: flags, documents, the stream and webhooks.

Place in the pipeline: what case managers and other systems call; the page uses the same calls.
Trust level: callers are known before a route runs; each route looks at the caller's organisation alone.
Residual risk: see each part.
"""
