"""What a translation cannot be made of, or corrected in."""

from __future__ import annotations

from backoffice.errors import BackofficeError, Conflict, NotFound


class PairNotFound(NotFound):
    """The phrasebook has no such pair, for this person."""

    def __init__(self) -> None:
        super().__init__("translation.error.pair_not_found")


class MessageNotFound(NotFound):
    """The conversation has no such message, for this person."""

    def __init__(self) -> None:
        super().__init__("translation.error.message_not_found")


class NothingChanged(BackofficeError):
    """The correction says what was there already."""

    status = 422

    def __init__(self) -> None:
        super().__init__("translation.error.nothing_changed")


class OtherLanguageNow(Conflict):
    """The person has chosen another language since the translation was made."""

    def __init__(self) -> None:
        super().__init__(
            "translation.error.other_language", way_out="translation.error.other_language.way_out"
        )


class NoTranslation(BackofficeError):
    """There is no translation, and nobody has said that the words shall go as they are."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "translation.error.no_translation", way_out="translation.error.no_translation.way_out"
        )
