"""What can go wrong when staff work on the guide."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.errors import BackofficeError, Conflict, NotFound


class SentenceNotFound(NotFound):
    """The guide has no such sentence in this language, or this person may not change it."""


class SentenceChanged(Conflict):
    """Somebody else has changed the sentence, or the Italian beside it, since the page was opened."""

    def __init__(self) -> None:
        super().__init__("error.guide_changed", way_out="error.guide_changed.way_out")


class SentenceRefused(BackofficeError):
    """Words that cannot be kept; whoever wrote them gets them back with the reason."""

    status = 422


class TextEmpty(SentenceRefused):
    """There are no words."""

    def __init__(self) -> None:
        super().__init__("error.guide_empty")


class TextTooLong(SentenceRefused):
    """More letters than fit into one message of the chat, or onto its button."""

    def __init__(self, most: int) -> None:
        super().__init__("error.guide_too_long", most=str(most))


class FactsLost(SentenceRefused):
    """A translation lacks a number, sum, date or address of the Italian, or a placeholder is not the same."""

    def __init__(self, lost: Sequence[str]) -> None:
        super().__init__("error.guide_facts_lost", facts=", ".join(lost))
        self.lost = tuple(lost)


class ReasonMissing(SentenceRefused):
    """What is done must be explained: the Italian changed, something undone, or one's own words reviewed."""

    def __init__(self) -> None:
        super().__init__("error.guide_reason_missing")


class OwnWords(SentenceRefused):
    """Whoever wrote a translation does not review it; only an administrator may, with a reason."""

    def __init__(self) -> None:
        super().__init__("error.guide_own_words")


class NothingToUndo(SentenceRefused):
    """The version was never shown, or is what stands there."""

    def __init__(self) -> None:
        super().__init__("error.guide_nothing_to_undo")


class BadDates(SentenceRefused):
    """A topic can be trusted from tomorrow on, for two years at most."""

    def __init__(self) -> None:
        super().__init__("error.guide_bad_dates")


class NoMachine(SentenceRefused):
    """The machine gave no translation: no package is there, or it lost what must stay."""

    def __init__(self, *, command: str | None = None) -> None:
        if command is None:
            super().__init__("error.guide_machine_failed")
        else:
            super().__init__("error.guide_no_package", command=command)


class BadPoFile(SentenceRefused):
    """A file that is no PO catalogue or zip of such, or is too large."""

    def __init__(self) -> None:
        super().__init__("error.guide_bad_file")
