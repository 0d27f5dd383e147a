"""The sandbox: the only room that opens a client's file.

Place in the pipeline: between the ocr handlers (or the command line) and the engines in `services.ocr.reading`.
Trust level: `box` is the trusted side; `template` forks a child per job; `jobs` run in the child, whose reply
`wire` and `results` check. Nothing is imported here, for the template must stay small.
Residual risk: a kernel bug that a child can reach.
"""
