"""What all sheets share: whose they are on top, when and from what they were made."""

from app.domain.texts import Text, say
from app.services.record.blocks import Document, Section
from app.services.record.document import banner
from app.services.record.telling import Teller, whose

#: To be filled in by hand.
BLANK = " "


def sheet_document(t: Teller, title: Text, sections: tuple[Section, ...], landscape: bool = False) -> Document:
    s, order, tr = t.state, t.state.order, t.tr
    p = s.protocol
    who = tr(whose(order))
    trial = f"{p.acronym} · {p.registry}" if p.acronym else p.registry
    made = tr(say("as of {day} {at}, local time UTC{offset}", day=t.words.date(t.source.made_at),
                  at=t.words.clock(t.source.made_at), offset=t.offset))  # fmt: skip
    return Document(
        language=t.words.language,
        title=f"{tr(title)} · {who}",
        subtitle=f"{trial} · {made}",
        status="",
        banner=tr(banner(t.source)),
        running_head=f"{tr(title)} · {who}",
        running_foot=tr(say("Chain head")),
        page_of=tr(say("Page {n} of {m}", n="§n", m="§m")),
        sections=sections,
        landscape=landscape,
    )
