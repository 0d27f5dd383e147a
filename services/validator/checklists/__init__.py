"""What belongs to each kind of filing: data, one YAML file a filing, compared with a case by `comparing`.

Place in the pipeline: read once at start, with the requirements; the queue shows the answer.
Trust level: our own data and the firm's, validated with line numbers.
Residual risk: a filing without a file has no checklist, hence no missing form (a test asks for all of them).
"""

import services.validator.requirements  # noqa: F401 - requirements hold the checklists, and are whole only when loaded first
