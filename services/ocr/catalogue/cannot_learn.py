"""The error with which learning a form ends early.

Place in the pipeline: raised by the parts of `learn`. Trust level: it holds a code and nothing of the file.
Residual risk: none.
"""


class CannotLearnError(Exception):
    """The blank cannot be learned.

    Attributes:
        reason: a code, each told in words by `wetink learn`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
