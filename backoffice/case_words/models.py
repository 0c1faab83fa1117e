"""By which words of its person a case is found, in the order of a list: the newest case first.

Of a name that thousands bear, a list shows fifty cases. The index of words knows people; to put the cases of
all of them in order takes longer the more there are. Here the first fifty lie beside one another.

The database itself keeps these rows, by triggers on words and cases: whatever writes those, no case can be
missing here or stay. SQLite copies a table to change it, and its triggers go with the old one: a migration
that does so to `search_token` or `case_record` ends with `follow_words`, as `upgrade` does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, MetaData, String, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime


class CaseWord(Base):
    """One word of a case's person: a token of `search_token`, and when the case was opened."""

    __tablename__ = "case_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Not a foreign key: that would need an index of its own, as long as the table."""


_ON_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS case_word_token_added AFTER INSERT ON search_token BEGIN"
    " INSERT OR IGNORE INTO case_word (token, opened_at, case_id)"
    " SELECT NEW.token, opened_at, id FROM case_record WHERE person_id = NEW.subject_id; END",
    "CREATE TRIGGER IF NOT EXISTS case_word_token_gone AFTER DELETE ON search_token BEGIN"
    " DELETE FROM case_word WHERE token = OLD.token"
    " AND (opened_at, case_id) IN (SELECT opened_at, id FROM case_record WHERE person_id = OLD.subject_id);"
    " END",
    "CREATE TRIGGER IF NOT EXISTS case_word_case_opened AFTER INSERT ON case_record BEGIN"
    " INSERT OR IGNORE INTO case_word (token, opened_at, case_id)"
    " SELECT token, NEW.opened_at, NEW.id FROM search_token WHERE subject_id = NEW.person_id; END",
    "CREATE TRIGGER IF NOT EXISTS case_word_case_moved AFTER UPDATE OF person_id, opened_at ON case_record"
    " BEGIN"
    " DELETE FROM case_word WHERE opened_at = OLD.opened_at AND case_id = OLD.id"
    " AND token IN (SELECT token FROM search_token WHERE subject_id = OLD.person_id);"
    " INSERT OR IGNORE INTO case_word (token, opened_at, case_id)"
    " SELECT token, NEW.opened_at, NEW.id FROM search_token WHERE subject_id = NEW.person_id; END",
    "CREATE TRIGGER IF NOT EXISTS case_word_case_gone AFTER DELETE ON case_record BEGIN"
    " DELETE FROM case_word WHERE opened_at = OLD.opened_at AND case_id = OLD.id"
    " AND token IN (SELECT token FROM search_token WHERE subject_id = OLD.person_id); END",
)

# Who adds a word and who opens a case of the same person would each not see what the other has not committed:
# both lock the person, so that one waits. Whoever's request it is, the owner of the tables acts (no wall).
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
    " SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN {body} RETURN NULL; END $$"
)
_LOCK_PEOPLE = (
    "PERFORM FROM person WHERE id IN (SELECT DISTINCT subject_id FROM changed) FOR NO KEY UPDATE;"
    " IF NOT FOUND THEN RETURN NULL; END IF;"
)
_FORGET_CASE = (
    "DELETE FROM case_word USING search_token WHERE search_token.subject_id = OLD.person_id"
    " AND case_word.token = search_token.token"
    " AND case_word.opened_at = OLD.opened_at AND case_word.case_id = OLD.id;"
)
_ADD_CASE = (
    "PERFORM FROM person WHERE id = NEW.person_id FOR NO KEY UPDATE;"
    " INSERT INTO case_word (token, opened_at, case_id)"
    " SELECT token, NEW.opened_at, NEW.id FROM search_token WHERE subject_id = NEW.person_id"
    " ON CONFLICT DO NOTHING;"
)
_ADD_WORDS = (
    "INSERT INTO case_word (token, opened_at, case_id)"
    " SELECT changed.token, case_record.opened_at, case_record.id"
    " FROM changed JOIN case_record ON case_record.person_id = changed.subject_id ON CONFLICT DO NOTHING;"
)
_FORGET_WORDS = (
    "DELETE FROM case_word USING changed, case_record WHERE case_record.person_id = changed.subject_id"
    " AND case_word.token = changed.token"
    " AND case_word.opened_at = case_record.opened_at AND case_word.case_id = case_record.id;"
)
_BODIES = {
    "case_word_token_added": f"{_LOCK_PEOPLE} {_ADD_WORDS}",
    "case_word_token_gone": f"{_LOCK_PEOPLE} {_FORGET_WORDS}",
    "case_word_case_opened": _ADD_CASE,
    "case_word_case_moved": f"{_FORGET_CASE} {_ADD_CASE}",
    "case_word_case_gone": _FORGET_CASE,
}
_WHEN = {
    "case_word_token_added": "AFTER INSERT ON search_token REFERENCING NEW TABLE AS changed"
    " FOR EACH STATEMENT",
    "case_word_token_gone": "AFTER DELETE ON search_token REFERENCING OLD TABLE AS changed"
    " FOR EACH STATEMENT",
    "case_word_case_opened": "AFTER INSERT ON case_record FOR EACH ROW",
    "case_word_case_moved": "AFTER UPDATE OF person_id, opened_at ON case_record FOR EACH ROW",
    "case_word_case_gone": "AFTER DELETE ON case_record FOR EACH ROW",
}
_TABLE_OF = {name: when.split(" ON ")[1].split()[0] for name, when in _WHEN.items()}


def follow_words(connection: Connection) -> None:
    """Make those of the triggers that keep `case_word` which are missing.

    The others are left alone: to make one locks its table, and others may be at work when a process starts.
    """
    if not {"case_record", "case_word", "search_token"} <= set(inspect(connection).get_table_names()):
        return
    if connection.dialect.name == "sqlite":
        for statement in _ON_SQLITE:
            connection.execute(text(statement))
        return
    there = set(
        connection.scalars(
            text(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = ANY (ARRAY["
                "to_regclass('search_token'), to_regclass('case_record')])"
            )
        )
    )
    for name in sorted(_BODIES.keys() - there):
        body = _BODIES[name]
        connection.execute(text(_FUNCTION.format(name=name, body=body)))
        connection.execute(text(f"CREATE TRIGGER {name} {_WHEN[name]} EXECUTE FUNCTION {name}()"))


def unfollow_words(connection: Connection) -> None:
    """Take the triggers away: before much is loaded at once, and before the table goes."""
    is_sqlite = connection.dialect.name == "sqlite"
    for name, table in _TABLE_OF.items():
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}")))
        if not is_sqlite:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {name}()"))


def write_missing_words(connection: Connection) -> None:
    """Write the rows of cases and words that came while nothing followed them.

    In the order of the key: its index is filled from one end to the other, minutes sooner for millions.
    """
    connection.execute(
        text(
            "INSERT INTO case_word (token, opened_at, case_id)"
            " SELECT search_token.token, case_record.opened_at, case_record.id FROM case_record"
            " JOIN search_token ON search_token.subject_id = case_record.person_id"
            " WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING"
        )
    )


@event.listens_for(Base.metadata, "after_create")
def _followed(_tables: MetaData, connection: Connection, **_how: Any) -> None:
    follow_words(connection)
