"""The guide's words and dates as staff keep them, for who answers with the guide."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.guide.models import StoredSentence
from backoffice.guide.queries import topics_by_key
from backoffice.guide.topics import read_guide
from backoffice.guide.words import CatalogueWords, GuideSentence
from translations.languages import SOURCE


class StoredWords:
    """The sentences of the database; as delivered where it has none (`GuideWords`).

    The first sentence of a topic that is asked for brings those of the whole topic, with one statement. A
    working draft is never given.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._topics = topics_by_key()
        self._delivered = CatalogueWords()
        self._found: dict[tuple[str, str], GuideSentence] = {}
        self._read: set[tuple[str, str]] = set()

    def sentence(self, key: str, language: str) -> GuideSentence | None:
        """Return the words of a key, and whether the Italian changed since they were reviewed."""
        if (key, language) not in self._read:
            self._read_all(self._keys_beside(key), language)
        return self._found.get((key, language)) or self._delivered.sentence(key, language)

    def _keys_beside(self, key: str) -> list[str]:
        topics = self._topics.get(key)
        return list(read_guide().topics[topics[0]].text_keys()) if topics else [key]

    def _read_all(self, keys: list[str], language: str) -> None:
        columns = select(
            StoredSentence.key, StoredSentence.language, StoredSentence.text, StoredSentence.source_hash
        )
        wanted = columns.where(StoredSentence.key.in_(keys), StoredSentence.language.in_({language, SOURCE}))
        rows = self._session.execute(wanted).all()
        italian = {key: source_hash for key, spoken, _, source_hash in rows if spoken == SOURCE}
        for key, spoken, words, source_hash in rows:
            is_stale = source_hash != italian.get(key, source_hash)
            self._found[key, spoken] = GuideSentence(words, is_stale=is_stale)
        self._read.update((key, spoken) for key in keys for spoken in (language, SOURCE))
