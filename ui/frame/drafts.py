"""What was left half filled in: it waits for whoever it belongs to, on its own bed's page and nowhere else."""

from datetime import datetime
from typing import NamedTuple

from app.domain.people.roles import Person
from app.domain.texts import Text, say
from ui.ask.question import Question
from ui.kit.message_strip import MessageState


class Draft(NamedTuple):
    """`page`: the key of the page it was left on."""

    question: Question
    owner: Person
    page: str
    left_at: datetime

    @property
    def about(self) -> str | None:
        return self.question.about

    def words(self) -> Text:
        """For a colleague."""
        what = self.question.title_words
        return say("{name} left this half filled at {time}: {what}", name=self.owner.person_id, time=self.left_at, what=what)


class Drafts:
    """Newest last."""

    def __init__(self) -> None:
        self._left: list[Draft] = []

    def keep(self, question: Question, page: str, now: datetime) -> None:
        if question.owner is not None:
            question.hide()
            self._left.append(Draft(question, question.owner, page, now))

    def newest(self, person: Person) -> Draft | None:
        return next((draft for draft in reversed(self._left) if draft.owner == person), None)

    def of_others(self, infusion_id: str, person: Person | None) -> list[Draft]:
        return [draft for draft in self.of_bed(infusion_id) if draft.owner != person]

    def of_bed(self, infusion_id: str) -> list[Draft]:
        return [draft for draft in self._left if draft.about == infusion_id]

    def bring_back(self, person: Person, page: str, infusion_id: str | None) -> None:
        """Those of this person that belong to the page and bed that are shown now; those of no bed on any page."""
        here = [
            draft
            for draft in self._left
            if draft.owner == person and (draft.about is None or (draft.page == page and draft.about == infusion_id))
        ]
        self._left = [draft for draft in self._left if draft not in here]
        for draft in here:
            draft.question.strip.set_state(MessageState(say("You left this half filled at {time}.", time=draft.left_at)))
            draft.question.open()
            draft.question.returned()
