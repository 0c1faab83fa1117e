"""What somebody answers to the buttons of their lists: `checklist:<what>:...` (`rights.choices`).

`save:<topic>:<case>`, `show`, `open:<list>`, `tick:<list>:<mark>`, `card:<list>`, `drop:<list>`. The walk
through the guide itself is the assistant's (`actions/guide_positions.py`); what is kept is the
backoffice's, as homes are, so that a list answers whoever holds the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.checklist.models import Checklist
from backoffice.checklist.service import (
    MOST,
    TooManyChecklists,
    drop_list,
    lists_of,
    make_link,
    note_version,
    own_list,
    save_list,
    tick,
)
from backoffice.conversation.models import Conversation
from backoffice.guide_chat.points import ListedCase, kept_guide, listed_case
from backoffice.guide_chat.telling import Teller


def answer_checklist(
    session: Session, conversation: Conversation, answer: Sequence[str], *, base_url: str, now: datetime
) -> None:
    """Act on a button of a list; one of a list that is gone says so. `base_url`: where sheets open."""
    teller = Teller(session, conversation, now)
    match answer:
        case ["save", topic, case]:
            _save(session, conversation, topic, case, teller)
        case ["show"]:
            _show(session, conversation, teller)
        case [what, list_id, *mark]:
            found = own_list(session, conversation, list_id)
            listed = _listed(session, conversation, found, now) if found is not None else None
            if found is not None and listed is not None:
                _act(session, found, listed, what, mark, teller, base_url)
                return
            if found is not None:  # the guide has its case no longer
                drop_list(session, found, now=now)
            teller.gone()


def _act(
    session: Session,
    found: Checklist,
    listed: ListedCase,
    what: str,
    mark: Sequence[str],
    teller: Teller,
    base_url: str,
) -> None:
    match [what, *mark]:
        case ["open"]:
            teller.show(found, listed, changed=note_version(found, listed.version))
        case ["tick", point] if point in {each.mark for each in listed.points}:
            tick(session, found, point, now=teller.now)
            teller.show(found, listed, changed=note_version(found, listed.version))
        case ["tick", _]:  # the guide says something else since: show what it says now
            teller.show(found, listed, changed=note_version(found, listed.version))
        case ["card"]:
            token = make_link(session, found, now=teller.now)
            teller.give_sheet(found, f"{base_url.rstrip('/')}/checklist/{token}")
        case ["drop"]:
            drop_list(session, found, now=teller.now)
            teller.dropped()


def _save(session: Session, conversation: Conversation, topic: str, case: str, teller: Teller) -> None:
    guide, language = kept_guide(session), conversation.language
    listed = listed_case(topic, case, guide=guide, language=language, now=teller.now)
    if listed is None:
        teller.gone()
        return
    try:
        saved = save_list(session, conversation, topic, case, version=listed.version, now=teller.now)
    except TooManyChecklists:
        teller.full(lists_of(session, conversation), MOST)
        return
    teller.show(saved, listed, is_new=True)


def _show(session: Session, conversation: Conversation, teller: Teller) -> None:
    kept = lists_of(session, conversation)
    if not kept:
        teller.none()
        return
    listed = _listed(session, conversation, kept[0], teller.now)
    if len(kept) == 1 and listed is not None:
        teller.show(kept[0], listed, changed=note_version(kept[0], listed.version))
    else:
        teller.choose(kept)


def _listed(
    session: Session, conversation: Conversation, found: Checklist, now: datetime
) -> ListedCase | None:
    topic, case = str(found.content.get("topic", "")), str(found.content.get("case", ""))
    return listed_case(topic, case, guide=kept_guide(session), language=conversation.language, now=now)
