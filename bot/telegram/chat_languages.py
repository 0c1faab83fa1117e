"""The language of each chat, as far as this process has seen it."""

from __future__ import annotations

from collections import OrderedDict

from bot.language import begin_language

_LIMIT = 10_000


class ChatLanguages:
    """Remembers in which language each chat was last spoken to; the oldest is forgotten first.

    The gateway has a few lines of its own to say, and the conversation's language is the
    backoffice's knowledge: what is delivered to a chat shows it.
    """

    def __init__(self) -> None:
        self._languages: OrderedDict[int, str] = OrderedDict()

    def remember(self, chat_id: int, language: str) -> None:
        """Note the language of something delivered to this chat."""
        self._languages[chat_id] = language
        self._languages.move_to_end(chat_id)
        if len(self._languages) > _LIMIT:
            self._languages.popitem(last=False)

    def language_for(self, chat_id: int, *, hint: str | None = None) -> str:
        """Return the language of a chat, or of the hint, or Italian."""
        return self._languages.get(chat_id) or begin_language(hint=hint, text=None)
