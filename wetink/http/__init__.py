"""What both HTTP faces share: who may enter, how much may be said, and how "no" is worded.

Place in the pipeline: around the FastAPI applications of intake and notifier; `application.build_app` puts the
parts together, in the one order in which they are safe.
Trust level: everything that arrives is hostile until the parts here let it through.
Residual risk: a reverse proxy that is trusted by mistake may lie about addresses.
"""
