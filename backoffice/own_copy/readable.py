"""The copy as its reader takes it in: headings and labels in the person's language, with Italian beside.

What stands in the records stands here once, as it was written. Kinds of needs, papers and relations have
names for staff alone: they are given in Italian.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime

from backoffice.case_card.sheet import without_isolates
from backoffice.italy import ROME
from backoffice.own_copy.shape import (
    AppointmentEntry,
    CaseEntry,
    ConsentEntry,
    ContractEntry,
    CourseEntry,
    HomeEntry,
    MediationEntry,
    OwnCopyFile,
    ProposalEntry,
    Record,
    RegisterEntry,
    RequestEntry,
    Talk,
)
from backoffice.person.details import Details, SafeContact
from backoffice.templating import as_euros
from translations.catalog import has, text
from translations.languages import SOURCE, supported_or_source


@dataclass(frozen=True)
class Line:
    """A label in each language, and what stands under it: the same for all, or one for each."""

    labels: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A heading in each language, and its lines."""

    titles: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Readable:
    """The copy in one language or two, the person's first."""

    languages: tuple[str, ...]
    titles: tuple[str, ...]
    intro: tuple[tuple[str, ...], ...]
    """Sentences, each in every language."""
    sections: tuple[Section, ...]


def make_readable(copy: OwnCopyFile) -> Readable:
    """Return what is printed of a copy."""
    return _Writer(copy).write()


class _Writer:
    def __init__(self, copy: OwnCopyFile) -> None:
        self.copy = copy
        self.languages = tuple(dict.fromkeys((supported_or_source(copy.language), SOURCE)))

    def write(self) -> Readable:
        copy = self.copy
        days = tuple(_day(copy.made_at, language) for language in self.languages)
        intro = [
            tuple(
                without_isolates(text("copy.intro", language, organisation=copy.organisation, day=day))
                for language, day in zip(self.languages, days, strict=True)
            ),
            self.say("copy.why"),
            self.say("copy.rights"),
            self.say("copy.others"),
        ]
        if copy.left_out:
            intro.append(self.say("copy.left_out", count=str(copy.left_out)))
        sections = [
            Section(self.say("copy.person"), tuple(self.person())),
            Section(self.say("copy.household"), tuple(self.household())),
            *(self.case(each) for each in copy.cases),
            Section(self.say("copy.notes"), tuple(self.loose_notes())),
            *(Section(self.say("copy.messages"), tuple(self.talk(each))) for each in copy.talks),
            Section(self.say("copy.consents"), tuple(map(self.consent, copy.consents))),
            Section(self.say("copy.looked"), tuple(self.looked())),
        ]
        return Readable(
            self.languages,
            self.say("copy.title"),
            tuple(intro),
            tuple(each for each in sections if each.lines),
        )

    def say(self, key: str, **values: str) -> tuple[str, ...]:
        return tuple(without_isolates(text(key, language, **values)) for language in self.languages)

    def line(self, key: str, *words: str | None) -> Iterator[Line]:
        said = "\n".join(each for each in words if each)
        if said:
            yield Line(self.say(key), (said,))

    def person(self) -> Iterator[Line]:
        for record in self.copy.records:
            yield from self.record(record)
        for each in self.copy.appointments:
            yield from self.line("copy.appointments", *_appointment(each))
        yield from self.line(
            "copy.contact", *(f"{each.channel}: {each.address}" for each in self.copy.addresses)
        )

    def record(self, record: Record) -> Iterator[Line]:
        known = record.details
        names = (record.name, known.given_name, known.family_name, known.own_script_name)
        yield from self.line("card.name", *dict.fromkeys(names))
        yield from self.line("copy.phone", record.phone, known.email)
        yield from self.line("copy.born", _birth(known), self.country(known.birth_country))
        yield from self.line("copy.citizenships", *map(self.country, known.citizenships))
        yield from self.line("copy.gender", known.gender)
        codes = [*record.languages, *(each.code for each in known.languages)]
        spoken = tuple(
            ", ".join(_language(code, language) for code in dict.fromkeys(codes))
            for language in self.languages
        )
        if codes:
            yield Line(self.say("copy.languages"), spoken)
        yield from self.line("copy.home", known.municipality, known.domicile)
        yield from self.line("copy.papers", known.codice_fiscale, known.health_card)
        permit = known.permit
        days = [each.isoformat() for each in (permit.issued_on, permit.expires_on) if each]
        yield from self.line("copy.permit", permit.type, " – ".join(days), permit.renewal_receipt)
        yield from self.contact(known.contact)
        hidden = record.restricted.model_dump(exclude_none=True)
        yield from self.line("copy.restricted", *hidden.values())

    def contact(self, contact: SafeContact) -> Iterator[Line]:
        wishes = [key for key in ("never_call", "no_messages") if getattr(contact, key)]
        own = [each for each in (contact.channel, contact.hours, contact.safe_word) if each]
        if wishes or own:
            words = tuple(
                "\n".join([*own, *(text(f"copy.{key}", language) for key in wishes)])
                for language in self.languages
            )
            yield Line(self.say("copy.contact"), words)

    def country(self, code: str | None) -> str | None:
        names = [Locale(language).territories.get(code or "") for language in self.languages]
        return " · ".join(dict.fromkeys(each for each in names if each)) or code

    def household(self) -> Iterator[Line]:
        found = self.copy.household
        if found is None:
            return
        yield Line(self.say("copy.household_size", count=str(found.size)), ("",))
        for member in found.members:
            relation = text(f"backoffice.persons.relation.{member.relation}", SOURCE)
            yield from self.line(
                "copy.household", ", ".join(each for each in (member.name, relation) if each)
            )
        yield from self.line("copy.household", *_living(found.facts or {}))

    def case(self, case: CaseEntry) -> Section:
        titles = tuple(f"{each} {case.number}" for each in self.say("card.title"))
        return Section(titles, tuple(self.case_lines(case)))

    def case_lines(self, case: CaseEntry) -> Iterator[Line]:
        yield Line(self.say("card.asked"), self.say(f"bot.case_type_{case.type}"))
        yield from self.line("card.opened", _moment(case.opened_at))
        yield Line(self.say("card.phase"), self.say(f"bot.phase_{case.phase}"))
        yield from self.line("card.responsible", case.responsible, self.copy.organisation)
        yield from self.line("copy.home", case.municipality)
        yield from self.line("copy.needs", ", ".join(_staff_words("need", each) for each in case.needs))
        yield from self.line("copy.answers", *_intake(case.intake))
        answers = [f"{each.question}: {each.words}" for each in case.answers]
        yield from self.line("copy.answers", *answers)
        steps = [
            "\n".join(
                f"{_moment(each.at)}  {without_isolates(text(f'bot.phase_{each.phase}', language))}"
                for each in case.phases
            )
            for language in self.languages
        ]
        yield Line(self.say("copy.steps"), tuple(steps))
        yield from self.plan(case)
        for note in case.notes:
            yield from self.line("copy.notes", _moment(note.at), note.words)
        papers = [
            ", ".join(
                part
                for part in (
                    _staff_words("document_kind", each.kind),
                    each.title,
                    each.expires_on and each.expires_on.isoformat(),
                )
                if part
            )
            for each in case.documents
        ]
        yield from self.line("copy.documents", *papers)
        for share in case.shares:
            parts = [
                ", ".join(text(f"system.consent_part.{part}", language) for part in share.parts)
                for language in self.languages
            ]
            until = f"{_moment(share.starts_at)} – {_moment(share.until)}"
            words = tuple(
                "\n".join(filter(None, (share.organisation, each, share.purpose, share.request, until)))
                for each in parts
            )
            yield Line(self.say("copy.shares"), words)
        for home in case.homes:
            yield from self.line("copy.homes", *_home(home))
        if case.register_entry:
            yield from self.line("copy.register", *_register(case.register_entry))
        if case.request:
            yield from self.line("copy.care_request", *_request(case.request))
        for proposal in case.proposals:
            yield from self.line("copy.care_proposals", *_proposal(proposal))
        for contract in case.contracts:
            yield from self.line("copy.care_contracts", *_contract(contract))
        for course in case.courses:
            yield from self.line("copy.courses", *_course(course))
        for mediation in case.mediations:
            yield from self.line("copy.mediations", *_mediation(mediation))
        for opening in case.opened_in_need:
            until = f"{_moment(opening.at)} – {_moment(opening.until)}"
            yield from self.line("copy.shares", opening.organisation, until)

    def plan(self, case: CaseEntry) -> Iterator[Line]:
        plan = case.plan
        for goal in plan.goals:
            yield from self.line("plan.goal", goal.words, goal.measure, goal.outcome)
            for action in goal.actions:
                facts = (action.words, action.organisation, action.outcome)
                until = action.due_on.strftime("%d.%m.%Y") if action.due_on else ""
                words = tuple(
                    "\n".join(
                        each
                        for each in (
                            *facts,
                            f"{text('plan.until', language)} {until}" if until else "",
                            text(f"plan.{action.state}", language),
                        )
                        if each
                    )
                    for language in self.languages
                )
                yield Line(self.say("plan.action"), words)
        if plan.agreed_on:
            yield from self.line("plan.agreed", plan.agreed_on.strftime("%d.%m.%Y"))
        looked = [f"{each.due_on.isoformat()} {each.outcome or ''}".strip() for each in plan.checks]
        yield from self.line("copy.notes", plan.review, *looked)

    def loose_notes(self) -> Iterator[Line]:
        for note in self.copy.notes_without_case:
            yield from self.line("copy.notes", _moment(note.at), note.words)

    def talk(self, talk: Talk) -> Iterator[Line]:
        for said in talk.messages:
            who = {"citizen": "you", "mediator": "desk"}.get(said.author, "machine")
            labels = tuple(f"{each} · {_moment(said.at)}" for each in self.say(f"copy.{who}"))
            words = [said.text, said.original] if said.original != said.text else [said.text]
            if said.files:
                words.append(self.say("copy.files", count=str(said.files))[0])
            yield Line(labels, ("\n".join(each for each in words if each),))
        if talk.summary:
            yield from self.line("copy.notes", *talk.summary)

    def consent(self, given: ConsentEntry) -> Line:
        key = "given" if given.answer == "given" else "withdrawn"
        moment = given.given_on.strftime("%d.%m.%Y") if given.given_on else _moment(given.recorded_at)
        labels = tuple(f"{each} {moment}" for each in self.say(f"copy.{key}"))
        return Line(labels, (given.text,))

    def looked(self) -> Iterator[Line]:
        counted = Counter((_local(each.at).date(), each.organisation) for each in self.copy.looked)
        lines = [f"{day:%d.%m.%Y}  {body}  ({count})" for (day, body), count in sorted(counted.items())]
        if lines:
            yield Line(tuple("" for _ in self.languages), ("\n".join(lines),))


def shown_words(readable: Readable) -> Sequence[str]:
    """Return every word of it, so that the fonts are known before anything is drawn."""
    found: list[str] = [*readable.titles, *(each for row in readable.intro for each in row)]
    for section in readable.sections:
        found += section.titles
        for line in section.lines:
            found += [*line.labels, *line.words]
    return found


def _appointment(each: AppointmentEntry) -> Iterator[str]:
    """Give an appointment as lines."""
    yield f"{_moment(each.starts_at)}, {each.desk}, {each.address}"
    yield f"{_staff_words('appointment_state', each.state)}: {_staff_words('need', each.topic)}"
    yield from filter(None, (each.note, each.cancelled_reason))


def _home(home: HomeEntry) -> Iterator[str]:
    """Give a home, its viewings and its contract as lines."""
    yield f"{home.code}, {home.municipality}: {_staff_words('match_state', home.state)}"
    if home.reason:
        yield ": ".join(filter(None, (_staff_words("refusal_reason", home.reason), home.words)))
    for visit in home.visits:
        when = _moment(visit.starts_at) if visit.starts_at else None
        yield ", ".join(filter(None, (_staff_words("viewing_state", visit.state), when, visit.meeting_place)))
    if home.contract:
        told = home.contract.model_dump(mode="json", exclude_none=True)
        yield ", ".join(f"{_staff_words('own_copy.contract', name)}: {value}" for name, value in told.items())


def _register(entry: RegisterEntry) -> Iterator[str]:
    """Give an entry in the register of family assistants as lines."""
    yield f"{_staff_words('worker_state', entry.state)}: {_moment(entry.since)}"
    if entry.reason:
        yield ": ".join(filter(None, (_staff_words("worker_reason", entry.reason), entry.reason_words)))
    for skill in entry.skills:
        how = skill.recognition and _staff_words("recognition", skill.recognition)
        words = (_staff_words("care_skill", skill.skill), _staff_words("skill_origin", skill.origin), how)
        yield ", ".join(filter(None, (*words, skill.note)))
    for work in entry.work:
        ends = work.ended_on.isoformat() if work.ended_on else ""
        yield " – ".join((work.started_on.isoformat(), ends)) + (f", {work.note}" if work.note else "")
    for told in entry.references:
        yield ", ".join(filter(None, (told.name, told.phone)))
    for proof in entry.proofs:
        day = proof.shown_on.isoformat() if proof.shown_on else None
        yield ", ".join(filter(None, (_staff_words("eligibility_proof", proof.rule), day, proof.note)))
    yield from entry.week
    for absence in entry.absences:
        yield " – ".join((absence.from_on.isoformat(), absence.until_on.isoformat()))
    if entry.interview_words:
        yield entry.interview_words


def _course(course: CourseEntry) -> Iterator[str]:
    """Give a course as lines."""
    yield ", ".join(filter(None, (_staff_words("course_kind", course.kind), course.title, course.provider)))
    yield f"{_staff_words('enrolment_state', course.state)}: {_moment(course.since)}"
    for there in course.days:
        yield f"{there.day.isoformat()}: {there.hours:g}"
    yield from filter(None, (course.certificate_on and course.certificate_on.isoformat(), course.note))


def _mediation(mediation: MediationEntry) -> Iterator[str]:
    """Give a request for a mediator as lines."""
    how = (
        _staff_words("mediation_setting", mediation.setting),
        _staff_words("mediation_mode", mediation.mode),
    )
    yield ", ".join((_staff_words("language", mediation.language), *how))
    place = ", ".join(filter(None, (mediation.place, mediation.municipality)))
    yield ", ".join(filter(None, (_moment(mediation.starts_at), place)))
    yield f"{_staff_words('mediation_state', mediation.state)}: {_moment(mediation.since)}"
    if mediation.topic:
        yield mediation.topic


def _request(request: RequestEntry) -> Iterator[str]:
    """Give a family's request as lines."""
    yield f"{_staff_words('request_state', request.state)}: {_moment(request.since)}"
    if request.ended_why:
        yield _staff_words("request_end", request.ended_why)
    visited = request.visited_on and request.visited_on.isoformat()
    yield from filter(None, (visited, request.visit_words, request.email))


def _proposal(proposal: ProposalEntry) -> Iterator[str]:
    """Give a proposal as lines."""
    number = f"#{proposal.number}" if proposal.number else None
    state = _staff_words("care_match_state", proposal.state)
    yield ", ".join(filter(None, (number, proposal.town, state, _moment(proposal.since))))
    if proposal.reason and proposal.refused_by:
        why = (_staff_words("care_side", proposal.refused_by), _staff_words("care_refusal", proposal.reason))
        yield ": ".join(filter(None, (*why, proposal.words)))
    if proposal.interview_at:
        yield ", ".join(filter(None, (_moment(proposal.interview_at), proposal.interview_place)))
    if proposal.trial_from and proposal.trial_until:
        yield f"{proposal.trial_from.isoformat()} – {proposal.trial_until.isoformat()}"


def _contract(contract: ContractEntry) -> Iterator[str]:
    """Give a contract of work as lines."""
    days = " – ".join(day.isoformat() for day in (contract.starts_on, contract.ended_on) if day)
    level = f"CCNL {contract.level}" if contract.level else None
    yield ", ".join(filter(None, (_staff_words("engagement_state", contract.state), level, days)))
    if contract.pay_eur is not None and contract.pay_per is not None:
        yield f"{contract.pay_eur} € {_staff_words('pay_period', contract.pay_per)}"
    yield from filter(None, (contract.hours_words, contract.place, contract.holidays))
    if contract.end_reason:
        yield _staff_words("engagement_end", contract.end_reason)
    for month in contract.paid:
        yield f"{month.month:%m.%Y}: {month.paid_eur} €"
    for check in contract.checks:
        if check.answer:
            said = text(f"engagement_chat.button.{check.answer}", SOURCE)
            yield ": ".join(filter(None, (said, check.outcome)))


def _intake(intake: dict[str, Any]) -> Iterable[str]:
    for name, value in intake.items():
        label = f"backoffice.intake.{name}"
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"{text(label, SOURCE) if has(label) else name}: {shown}"


def _living(facts: dict[str, Any]) -> Iterator[str]:
    if facts.get("isee_eur") is not None:
        yield text("backoffice.persons.isee", SOURCE, sum=as_euros(facts["isee_eur"]))
    if facts.get("income_source"):
        label = text("backoffice.persons.field.income_source", SOURCE)
        yield f"{label}: {_staff_words('persons.income', facts['income_source'])}"


def _staff_words(kind: str, code: str) -> str:
    key = f"backoffice.{kind}.{code}"
    return text(key, SOURCE) if has(key) else code


def _birth(known: Details) -> str | None:
    return known.born_on.isoformat() if known.born_on else (str(known.birth_year or "") or None)


def _language(code: str, language: str) -> str:
    return Locale(language).languages.get(code) or code


def _day(moment: datetime | date, language: str) -> str:
    return format_date(_local(moment) if isinstance(moment, datetime) else moment, "long", locale=language)


def _moment(moment: datetime) -> str:
    return format_datetime(_local(moment), "dd.MM.yyyy HH:mm", locale=SOURCE)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ROME)
