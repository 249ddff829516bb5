"""What an event belongs to, in words."""

from app.domain.log import Stream
from app.domain.texts import Text, say


def stream_words(stream: Stream) -> Text | str:
    """An infusion stands as its id."""
    match stream.kind:
        case "people":
            return say("Accounts and the record as a whole")
        case "subject":
            return say("Subject {subject}", subject=stream.id)
        case "trial":
            return say("The trial as a whole")
        case "infusion":
            return stream.id


def stream_cell(stream: Stream, subject: str) -> Text | str:
    """The same in a narrow column; `subject`: whom an infusion is for."""
    match stream.kind:
        case "people":
            return say("Accounts")
        case "subject":
            return stream.id
        case "trial":
            return say("Trial")
        case "infusion":
            return subject
