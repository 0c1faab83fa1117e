"""Two people of one body, each with everything: what belongs to one must not be in the other's copy."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case, NoteKind
from backoffice.case.planning import ActionWords, Agreement, add_action, add_goal, agree_plan, plan_check
from backoffice.case.service import add_note
from backoffice.client.schemas import Author, Channel, FurtherKind
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Audience, Conversation
from backoffice.conversation.models import NoteKind as ThreadNoteKind
from backoffice.household.models import Relation
from backoffice.household.service import HouseholdFacts, Member, write_household
from backoffice.own_copy.content import gather
from backoffice.own_copy.models import IdentityCheck, OwnCopy
from backoffice.own_copy.service import ask_for_copy, release_copy
from backoffice.own_copy.shape import OwnCopyFile
from backoffice.person.details import Details, Permit, Restricted, SafeContact, SpokenLanguage
from backoffice.person.models import ChannelAddress, PersonDetails, PersonRestricted
from backoffice.plan.models import AgreementForm
from backoffice.question.answers import keep_answers
from backoffice.staff.models import Organisation, Staff
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import NOW, create_conversation, send
from tests.backoffice.question.sets import published, question
from tests.backoffice.rights.consents import create_consent
from tests.backoffice.sharing.shares import an_offer, create_share


class Life:
    """One person; every word of theirs begins with their mark."""

    def __init__(
        self, session: Session, mark: str, staff: Staff, partner: Organisation, language: str
    ) -> None:
        self.session, self.mark, self.staff = session, mark, staff
        self.person = create_person(session, name=f"{mark} nome", phone=f"{mark}-telefono")
        self.conversation = self._talk(language)
        self.case = self._case(language)
        self._known()
        self._work(partner)
        session.flush()

    def _talk(self, language: str) -> Conversation:
        conversation = create_conversation(self.session, channel=Channel.TELEGRAM, language=language)
        conversation.person_id = self.person.id
        send(self.session, conversation, f"{self.mark} messaggio")
        note = Draft(
            Author.MEDIATOR,
            f"{self.mark} nota-filo",
            staff_id=self.staff.id,
            audience=Audience.STAFF,
            note_kind=ThreadNoteKind.INTERNAL,
        )
        write(self.session, conversation, note, now=NOW)
        address = ChannelAddress(
            person_id=self.person.id, channel=Channel.TELEGRAM, address=f"{self.mark}-indirizzo"
        )
        self.session.add(address)
        return conversation

    def _case(self, language: str) -> Case:
        return create_case(
            self.session,
            person=self.person,
            conversation=self.conversation,
            language=language,
            intake={"note": f"{self.mark} cerca"},
        )

    def _known(self) -> None:
        details = Details(
            given_name=f"{self.mark} dato",
            birth_year=1990,
            citizenships=["IN"],
            languages=[SpokenLanguage(code="pa")],
            contact=SafeContact(never_call=True, safe_word=f"{self.mark} parola"),
            permit=Permit(type=f"{self.mark} permesso"),
        )
        hidden = Restricted(health=f"{self.mark} salute")
        who = {"person_id": self.person.id, "changed_by": self.staff.id, "changed_at": NOW}
        self.session.add_all(
            (
                PersonDetails(**who, document=details.model_dump(mode="json", exclude_defaults=True)),
                PersonRestricted(**who, document=hidden.model_dump(mode="json", exclude_none=True)),
            )
        )

    def _work(self, partner: Organisation) -> None:
        session, case, by = self.session, self.case, self.staff.id
        for kind in NoteKind:
            add_note(session, case, author_id=by, kind=kind, text=f"{self.mark} nota-{kind.value}", now=NOW)
        goal = add_goal(session, case, f"{self.mark} obiettivo", measure=None, by=by, now=NOW)
        due = NOW.date() + timedelta(days=9)
        add_action(session, case, goal.id, ActionWords(f"{self.mark} azione", due_on=due), by=by, now=NOW)
        agree_plan(
            session, case, Agreement(NOW.date(), case.language, AgreementForm.ORAL, True), by=by, now=NOW
        )
        plan_check(session, case, due, by=by, now=NOW)
        document = create_document(session, case, self.staff)
        document.title = f"{self.mark} carta"
        create_consent(session, case, partner, by=by)
        create_share(session, case, an_offer(partner), by=self.staff)
        audit.record(session, by=by, action="case.read", subject_kind="case", subject_id=case.id, now=NOW)


def let_answer(*lives: Life) -> None:
    """Let people answer the same further questions."""
    session, staff, case = lives[0].session, lives[0].staff, lives[0].case
    asked = published(session, staff, question(), question("why", FurtherKind.TEXT), type=case.type)
    for life in lives:
        given = {"pets": True, "why": f"{life.mark} perché"}
        keep_answers(session, case_id=life.case.id, found=asked, answers=given, by=staff.id, now=NOW)


def live_together(one: Life, other: Life, child: str) -> None:
    """Put two people of the system into the household of the first, with a child who is a name alone."""
    members = [
        Member(person=one.person.id, relation=Relation.SELF),
        Member(person=other.person.id, relation=Relation.PARTNER),
        Member(name=child, relation=Relation.CHILD, minor=True),
    ]
    write_household(
        one.session,
        one.person,
        HouseholdFacts(isee_eur=8000),
        members,
        seen=0,
        by=one.staff.id,
        now=NOW,
    )


def released(life: Life, *writings: str) -> OwnCopy:
    """Let a person at the desk be given a copy, with some internal writings."""
    asked = ask_for_copy(life.session, life.person, by=life.staff.id, now=NOW)
    how = {"identity": IdentityCheck.DOCUMENT, "by": life.staff.id, "now": NOW}
    return release_copy(life.session, asked, writings=writings, **how)  # type: ignore[arg-type]


def copy_of(life: Life, *writings: str) -> OwnCopyFile:
    """Return what the person gets."""
    return gather(life.session, released(life, *writings), now=NOW)
