"""Taking in files: from the bytes of a request to an encrypted blob, a row and an event.

Place in the pipeline: behind the routes of documents and upload links. In order: `parts` (the request's body as
files), `receiving` (hash, count, encrypt while they arrive), `registering` (row, number and event in one
transaction). Nothing here opens a client's file; its first bytes tell its type.
"""
