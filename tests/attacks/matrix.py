"""Who may call which route: one row a route. A route without a row fails `test_matrix.py`.

A row says which roles of the responsible body may (`own`), whether another body with an accepted share of
everything may (`shared`), and, for routes that name no object, whether staff of other bodies may call them
for their own things (`elsewhere`). Whoever may not gets 404, as for what does not exist. The village's case
is about housing, and its mediator holds the conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.staff.roles import READS_CONVERSATIONS, WORKS_ON_CASES, Role


@dataclass(frozen=True)
class Row:
    """Who may call a route."""

    own: frozenset[Role]
    shared: bool = False
    elsewhere: bool = False
    public: bool = False
    """Whether it needs no identification, or another than staff's: `test_access.py` asks those."""
    any_object: bool = False
    """Whether it answers for every object, with what the caller may see of it: perhaps nothing."""
    streams: bool = False
    """Whether an answer never ends: only who may not is asked here, `live/test_events.py` has the rest."""


ALL = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
CASEWORKER = frozenset({Role.CASEWORKER})
COORDINATOR = frozenset({Role.COORDINATOR})
IN_NEED = frozenset({Role.CASEWORKER, Role.COORDINATOR})
SPEAKERS = frozenset({Role.MEDIATOR, Role.CASEWORKER, Role.COORDINATOR})
READERS = READS_CONVERSATIONS
CASE_STAFF = WORKS_ON_CASES
CASE_WORKERS = frozenset({Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK})
CASE_READERS = CASE_WORKERS | {Role.MEDIATOR}

PUBLIC = Row(NOBODY, public=True)
SERVICE = Row(NOBODY, public=True)
SELF = Row(ALL, elsewhere=True)
CASE_LIST = Row(CASE_STAFF, elsewhere=True)
CASE_OPEN = Row(CASE_WORKERS | {Role.CARE_DESK}, elsewhere=True)
CASE = Row(CASE_READERS, shared=True)
CASE_CHANGE = Row(CASE_WORKERS)
CHAT_LIST = Row(READERS, elsewhere=True)
CHAT = Row(READERS)
FLOOR = Row(SPEAKERS)
FRONT_DOOR = Row(SPEAKERS)
QUESTIONS = Row(ADMINISTRATOR)
RECEIVED = Row(NOBODY, shared=True)

MATRIX: Mapping[str, Row] = {
    "DELETE /api/v1/auth/token": SELF,
    "DELETE /api/v1/conversations/{conversation_id}/conflict/{staff_id}": Row(COORDINATOR),
    "DELETE /api/v1/conversations/{conversation_id}/participants/{staff_id}": FLOOR,
    "GET /": SELF,
    "GET /api/v1/callbacks": CHAT_LIST,
    "GET /api/v1/cases": CASE_LIST,
    "GET /api/v1/cases/{case_id}": CASE,
    "GET /api/v1/cases/{case_id}/access": CASE_CHANGE,
    "GET /api/v1/cases/{case_id}/answers": CASE,
    "GET /api/v1/cases/{case_id}/events": CASE,
    "GET /api/v1/cases/{case_id}/notes": CASE,
    "GET /api/v1/cases/{case_id}/shares": CASE,
    "GET /api/v1/consents": CASE_LIST,
    "GET /api/v1/contributions": CASE_LIST,
    "GET /api/v1/conversations": CHAT_LIST,
    "GET /api/v1/conversations/{conversation_id}": CHAT,
    "GET /api/v1/conversations/{conversation_id}/attachments/{attachment_id}": CHAT,
    "GET /api/v1/conversations/{conversation_id}/colleagues": FLOOR,
    "GET /api/v1/conversations/{conversation_id}/messages": CHAT,
    "GET /api/v1/conversations/{conversation_id}/people": CHAT,
    "GET /api/v1/guide/{topic}": PUBLIC,
    "GET /api/v1/persons": CASE_LIST,
    "GET /api/v1/persons/{person_id}": CASE,
    "GET /api/v1/service/attachments/{attachment_id}": SERVICE,
    "GET /api/v1/service/conversations/{conversation_id}": SERVICE,
    "GET /api/v1/service/conversations/{conversation_id}/cases": SERVICE,
    "GET /api/v1/service/conversations/{conversation_id}/messages": SERVICE,
    "GET /api/v1/service/events": SERVICE,
    "GET /api/v1/service/office": SERVICE,
    "GET /api/v1/service/question-sets/{case_type}": SERVICE,
    "GET /api/v1/shares": CASE_LIST,
    "GET /api/v1/shares/{share_id}": Row(CASE_WORKERS, shared=True),
    "GET /break-glass": Row(IN_NEED, elsewhere=True),
    "GET /callbacks": CHAT_LIST,
    "GET /callbacks/list": CHAT_LIST,
    "GET /canned-replies": CHAT_LIST,
    "GET /canned-replies/for/{conversation_id}": CHAT,
    "GET /canned-replies/{reply_id}": FLOOR,
    "GET /case-exports": CASE_LIST,
    "GET /case-exports/{export_id}/file": Row(CASEWORKER),
    "GET /case-imports": CASE_OPEN,
    "GET /case-imports/template": CASE_OPEN,
    "GET /case-imports/{import_id}": Row(CASEWORKER),
    "GET /cases": CASE_LIST,
    "GET /cases/list": CASE_LIST,
    "GET /cases/of-conversation/{conversation_id}": Row(ALL, any_object=True),
    "GET /cases/{case_id}": CASE,
    "GET /cases/{case_id}/access": CASE_CHANGE,
    "GET /cases/{case_id}/answers": CASE,
    "GET /cases/{case_id}/card": CASE,
    "GET /cases/{case_id}/card.pdf": CASE,
    "GET /cases/{case_id}/shares/new": CASE_CHANGE,
    "GET /cases/{case_id}/sharing": CASE,
    "GET /contributions": CASE_LIST,
    "GET /conversations": CHAT_LIST,
    "GET /conversations/list": CHAT_LIST,
    "GET /conversations/{conversation_id}": CHAT,
    "GET /conversations/{conversation_id}/attachments/{attachment_id}": CHAT,
    "GET /conversations/{conversation_id}/attachments/{attachment_id}/preview": CHAT,
    "GET /conversations/{conversation_id}/floor/{dialog}": CHAT,
    "GET /conversations/{conversation_id}/news": CHAT,
    "GET /conversations/{conversation_id}/presence": CHAT,
    "GET /conversations/{conversation_id}/renderings": CHAT,
    "GET /docs": PUBLIC,
    "GET /health": PUBLIC,
    "GET /home/list": SELF,
    "GET /live/events": Row(READERS, streams=True),
    "GET /phrasebook": FRONT_DOOR,
    "GET /phrasebook.csv": FRONT_DOOR,
    "GET /question-sets": Row(ADMINISTRATOR, elsewhere=True),
    "GET /question-sets/{set_id}": QUESTIONS,
    "GET /question-sets/{set_id}/question": QUESTIONS,
    "GET /question-sets/{set_id}/texts.csv": QUESTIONS,
    "GET /review": FRONT_DOOR,
    "GET /saved-case-filters/list": CASE_LIST,
    "GET /saved-filters": CHAT_LIST,
    "GET /saved-filters/list": CHAT_LIST,
    "GET /shares": CASE_LIST,
    "GET /shares/{share_id}": Row(CASE_WORKERS, shared=True),
    "GET /sign-in": PUBLIC,
    "GET /workplace/calls": CHAT_LIST,
    "PATCH /api/v1/cases/{case_id}": CASE_CHANGE,
    "POST /api/v1/auth/token": PUBLIC,
    "POST /api/v1/break-glass": Row(IN_NEED, elsewhere=True),
    "POST /api/v1/callbacks/{callback_id}/done": CHAT,
    "POST /api/v1/cases": Row(CASE_WORKERS, elsewhere=True),
    "POST /api/v1/cases/{case_id}/notes": CASE,
    "POST /api/v1/cases/{case_id}/shares": CASE_CHANGE,
    "POST /api/v1/conversations/{conversation_id}/claim": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/close": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/conflict": CHAT,
    "POST /api/v1/conversations/{conversation_id}/heartbeat": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/messages/{message_id}/correction": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/messages/{message_id}/renderings": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/participants": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/presence": CHAT,
    "POST /api/v1/conversations/{conversation_id}/preview": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/release": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/reply": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/take-over": Row(COORDINATOR),
    "POST /api/v1/conversations/{conversation_id}/transfer": FLOOR,
    "POST /api/v1/conversations/{conversation_id}/wait": FLOOR,
    "POST /api/v1/service/assistant-status": SERVICE,
    "POST /api/v1/service/attachments": SERVICE,
    "POST /api/v1/service/conversations/{conversation_id}/handoff": SERVICE,
    "POST /api/v1/service/deliveries/claim": SERVICE,
    "POST /api/v1/service/deliveries/{delivery_id}/report": SERVICE,
    "POST /api/v1/service/intake": SERVICE,
    "POST /api/v1/service/messages": SERVICE,
    "POST /api/v1/service/reception": SERVICE,
    "POST /api/v1/service/review-items": SERVICE,
    "POST /api/v1/service/sessions": SERVICE,
    "POST /api/v1/service/sessions/lookup": SERVICE,
    "POST /api/v1/service/turns/claim": SERVICE,
    "POST /api/v1/service/turns/{turn_id}/answer": SERVICE,
    "POST /api/v1/service/turns/{turn_id}/failure": SERVICE,
    "POST /api/v1/shares/{share_id}/accept": RECEIVED,
    "POST /api/v1/shares/{share_id}/done": RECEIVED,
    "POST /api/v1/shares/{share_id}/reject": RECEIVED,
    "POST /api/v1/shares/{share_id}/revoke": CASE_CHANGE,
    "POST /break-glass": Row(IN_NEED, elsewhere=True),
    "POST /break-glass/{opening_id}/acknowledge": Row(COORDINATOR),
    "POST /callbacks/{callback_id}/done": CHAT,
    "POST /canned-replies": Row(SPEAKERS, elsewhere=True),
    "POST /canned-replies/{reply_id}": FLOOR,
    "POST /canned-replies/{reply_id}/delete": FLOOR,
    "POST /case-exports": CASE_LIST,
    "POST /case-exports/{export_id}/approve": Row(COORDINATOR),
    "POST /case-exports/{export_id}/refuse": Row(COORDINATOR),
    "POST /case-imports": CASE_OPEN,
    "POST /case-imports/{import_id}/confirm": Row(CASEWORKER),
    "POST /cases/assign-many": CASE_LIST,
    "POST /cases/{case_id}/answers": CASE_CHANGE,
    "POST /cases/{case_id}/assign": CASE_CHANGE,
    "POST /cases/{case_id}/details": CASE_CHANGE,
    "POST /cases/{case_id}/move": CASE_CHANGE,
    "POST /cases/{case_id}/notes": CASE,
    "POST /cases/{case_id}/shares": CASE_CHANGE,
    "POST /conversations/{conversation_id}/claim": FLOOR,
    "POST /conversations/{conversation_id}/close": FLOOR,
    "POST /conversations/{conversation_id}/conflict": CHAT,
    "POST /conversations/{conversation_id}/conflict/withdraw": Row(COORDINATOR),
    "POST /conversations/{conversation_id}/follow-up": CHAT,
    "POST /conversations/{conversation_id}/heartbeat": FLOOR,
    "POST /conversations/{conversation_id}/labels": CHAT,
    "POST /conversations/{conversation_id}/labels/remove": CHAT,
    "POST /conversations/{conversation_id}/messages/{message_id}/correction": FLOOR,
    "POST /conversations/{conversation_id}/messages/{message_id}/rendering": FLOOR,
    "POST /conversations/{conversation_id}/notes": CHAT,
    "POST /conversations/{conversation_id}/participants": FLOOR,
    "POST /conversations/{conversation_id}/participants/remove": FLOOR,
    "POST /conversations/{conversation_id}/presence": CHAT,
    "POST /conversations/{conversation_id}/preview": FLOOR,
    "POST /conversations/{conversation_id}/read": CHAT,
    "POST /conversations/{conversation_id}/release": FLOOR,
    "POST /conversations/{conversation_id}/reply": FLOOR,
    "POST /conversations/{conversation_id}/take-over": Row(COORDINATOR),
    "POST /conversations/{conversation_id}/transfer": FLOOR,
    "POST /interface-language": PUBLIC,
    "POST /phrasebook/{entry_id}/delete": FLOOR,
    "POST /question-sets": Row(ADMINISTRATOR, elsewhere=True),
    "POST /question-sets/{set_id}/discard": QUESTIONS,
    "POST /question-sets/{set_id}/move": QUESTIONS,
    "POST /question-sets/{set_id}/publish": QUESTIONS,
    "POST /question-sets/{set_id}/question": QUESTIONS,
    "POST /question-sets/{set_id}/retire": QUESTIONS,
    "POST /question-sets/{set_id}/texts": QUESTIONS,
    "POST /question-sets/{set_id}/withdraw": QUESTIONS,
    "POST /review/{item_id}/discard": FLOOR,
    "POST /review/{item_id}/label": FLOOR,
    "POST /saved-case-filters": CASE_LIST,
    "POST /saved-case-filters/{filter_id}/delete": Row(COORDINATOR),
    "POST /saved-filters": CHAT_LIST,
    "POST /saved-filters/{filter_id}/delete": Row(COORDINATOR),
    "POST /shares/{share_id}/accept": RECEIVED,
    "POST /shares/{share_id}/done": RECEIVED,
    "POST /shares/{share_id}/reject": RECEIVED,
    "POST /shares/{share_id}/revoke": CASE_CHANGE,
    "POST /sign-in": PUBLIC,
    "POST /sign-out": SELF,
    "PUT /api/v1/cases/{case_id}/answers": CASE_CHANGE,
    "PUT /api/v1/service/conversations/{conversation_id}/language": SERVICE,
}
"""`POST /saved-filters/{filter_id}/delete`: each kept list is of one person, here of the coordinator;
`saved-case-filters` are the same rows.
Exports and uploads are of one person, here of the caseworker; a coordinator who did not ask agrees.
"""
