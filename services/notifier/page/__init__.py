"""The page of the case managers: the queue as a list with pictures, decided by keys.

Place in the pipeline: `/`; it uses the same calls as other programs, with a session instead of a key.
Trust level: titles and quotations come from paper and are escaped by the templates; the script builds no markup.
Residual risk: none of its own.
"""
