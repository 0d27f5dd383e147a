"""Orders for fault points: what a test tells the processes of its system to do, and when."""

from pathlib import Path

from wetink.faults import POINTS, order_name
from wetink.topics import TOPICS

LONG_ONLY = "document.cut_requested"
"""The topic that only a long document meets."""
_JOBS = {"ocr": ("cut", "read"), "text": ("text",)}


class Orders:
    """The folder that `WETINK_FAULTS` names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def give(self, service: str, point: str, subject: str = "", action: str = "die") -> None:
        """The next process of `service` that comes to `point` obeys."""
        draft = self.folder / ".draft"
        draft.write_text(action)
        draft.rename(self.folder / order_name(service, point, subject))

    def take_back(self, service: str, point: str, subject: str = "") -> None:
        """Nobody shall obey this order any more."""
        (self.folder / order_name(service, point, subject)).unlink(missing_ok=True)

    def waiting(self) -> list[str]:
        """Orders that nobody has obeyed yet."""
        return sorted(path.name for path in self.folder.iterdir())


def places(point: str) -> list[tuple[str, str]]:
    """Each service that has `point`, with the subject at which it is met.

    Of the topics that a service reads each point has another one: its death takes the same way for all.
    """
    return [(service, subject) for service in POINTS[point].services for subject in _subjects(point, service)]


def _subjects(point: str, service: str) -> tuple[str, ...]:
    match POINTS[point].subject:
        case "topic":
            read = [topic.name for topic in TOPICS if service in topic.consumers and topic.name != LONG_ONLY]
            return (read[list(POINTS).index(point) % len(read)],)
        case "job":
            return _JOBS[service]
        case _:
            return ("",)
