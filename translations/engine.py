"""The machine translation of live chat: what every engine promises.

    engine = ArgosEngine(packages_dir=..., data_dir=...)        # translations.argos
    engine = LibreTranslateEngine("https://translate.example")  # translations.libretranslate
    engine = NoEngine()                                         # here

    translated = engine.translate("Serve il permesso di soggiorno.", "it", "uk", names=["Olena"])
    translated.usable and translated.text

Every engine goes through `translate_with`: office words and whatever must not change are masked,
verified after every hop, and the result is looked at by the guards. What is not `usable` is not
shown: the reader gets the original with "not translated". An engine that cannot translate raises a
`NotTranslated`, whose sentence says what to do; nothing else leaves it.

Servers do not call an engine themselves: `translations.worker` runs one in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from translations.glossary import Glossary, read_glossary
from translations.guards import Flag, check
from translations.masking import Hop, find_spans, has_words, translate_around, without_controls

LONGEST_TEXT = 4096
"""Letters of one message, as on Telegram. Models get it in pieces (`masking.SEGMENT_LETTERS`)."""


@dataclass(frozen=True)
class Translated:
    """What became of a text.

    `engine` is "argos", "libretranslate", or "none" where nothing had to be translated (the same
    language, or no letters). `version` names the packages: "it-en 1.9, en-uk 1.4". `in_parts`: a
    model lost what it had to keep, so the words between were translated apart; grammar may suffer.
    """

    text: str
    engine: str
    version: str
    flags: tuple[Flag, ...] = ()
    in_parts: bool = False

    @property
    def usable(self) -> bool:
        """Tell whether people may read it: no guard has found a fault."""
        return not self.flags


class Engine(Protocol):
    """Translates one text from one language into another (ISO 639-1 codes)."""

    def translate(self, text: str, source: str, target: str, *, names: Sequence[str] = ()) -> Translated:
        """Return the translation. `names` are people's names, which come out unchanged.

        Raises:
            NotTranslated: it can't be done; the error says why and what to do.
        """
        ...

    def can_translate(self, source: str, target: str) -> bool:
        """Tell whether this pair can be translated as things stand."""
        ...


class NotTranslated(Exception):
    """Why there is no translation, in a sentence for staff and operators; never words of a person.

    NotTranslated
      MissingPackages    a package has to be installed: `pairs`, `command`
      EngineOff          no engine is set up
      EngineUnreachable  the LibreTranslate server does not answer, or refuses
      EngineFailed       the engine broke on this text (Argos, or its process died twice)
      TookTooLong        longer than the time given
      TextTooLong        more than `LONGEST_TEXT` letters
      EngineBusy         too many texts wait already
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MissingPackages(NotTranslated):
    """No chain of installed packages leads from one language to the other."""

    def __init__(self, source: str, target: str, pairs: Sequence[tuple[str, str]]) -> None:
        self.source, self.target, self.pairs = source, target, tuple(pairs)
        languages = sorted({code for pair in pairs for code in pair} - {"en"}) or ["en"]
        self.command = f'make translation-packages LANGUAGES="{" ".join(languages)}"'
        missing = ", ".join(f"{one} -> {other}" for one, other in pairs)
        super().__init__(
            f"{source} -> {target}: translation packages are missing ({missing})."
            f" {self.command} installs them."
        )


class EngineOff(NotTranslated):
    """Machine translation is not set up here."""

    def __init__(self) -> None:
        super().__init__("Machine translation is turned off.")


class EngineUnreachable(NotTranslated):
    """The server of translations gives no answer."""


class EngineFailed(NotTranslated):
    """The engine broke."""


class TookTooLong(NotTranslated):
    """The engine was stopped in the middle of a text."""


class TextTooLong(NotTranslated):
    """More letters than a message may have."""

    def __init__(self, length: int) -> None:
        super().__init__(f"The text has {length} letters; at most {LONGEST_TEXT} are translated at once.")


class EngineBusy(NotTranslated):
    """So many texts wait that this one would come too late."""


class NoEngine:
    """Translates nothing, and says so; texts that need no translation pass."""

    def translate(self, text: str, source: str, target: str, *, names: Sequence[str] = ()) -> Translated:
        """Return a text that needs no translation as it is.

        Raises:
            EngineOff: it would have to be translated.
        """
        return untouched(text, source, target) or _off()

    def can_translate(self, source: str, target: str) -> bool:
        """Tell whether the languages are the same."""
        return source == target


def _off() -> Translated:
    raise EngineOff


def unread(text: str, source: str, target: str) -> Translated | None:
    """Return the text itself where one look tells that it stays: the same language, or no letter."""
    return Translated(text, "none", "") if source == target or not has_words(text) else None


def untouched(text: str, source: str, target: str) -> Translated | None:
    """Return the text itself where no model is needed: also links, numbers and other spans alone.

    Raises:
        TextTooLong: the text has more than `LONGEST_TEXT` letters.
    """
    if (same := unread(text, source, target)) is not None:
        return same
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(len(text))
    spans = find_spans(text, source=source, target=target)
    return None if has_words(text, spans) else Translated(text, "none", "")


def translate_with(
    hops: Callable[[], Sequence[Hop]],
    text: str,
    source: str,
    target: str,
    *,
    engine: str,
    version: Callable[[], str],
    names: Sequence[str] = (),
    glossary: Glossary | None = None,
) -> Translated:
    """Translate by the given hops, with everything protected and the result guarded.

    `hops` and `version` are asked for only where the text needs a model.

    Raises:
        TextTooLong: the text has more than `LONGEST_TEXT` letters.
    """
    if (same := untouched(text, source, target)) is not None:
        return same
    plain = without_controls(text)
    spans = find_spans(plain, source=source, target=target, names=names, glossary=glossary or read_glossary())
    chain = hops() if has_words(plain, spans) else ()
    rendered = translate_around(plain, chain, spans=spans, target=target)
    flags = check(plain, rendered.text, source=source, target=target, spans=spans, names=names)
    return Translated(rendered.text, engine, version() if chain else "", flags, rendered.in_parts)
