"""What belongs to a filing, compared with what a case has: pure functions.

Place in the pipeline: `form_missing` makes findings of the answer, the judgement carries it, the queue shows it.
Trust level: what perception found, and the firm's record of the case. Residual risk: see `comparing`.
The checklists themselves are data, in `services/validator/requirements/checklists`.
"""
