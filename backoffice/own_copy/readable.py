"""The copy as its reader takes it in: headings and labels in the person's language, with Italian beside.

What stands in the records stands here once, as it was written. Kinds of needs, papers and relations have
names for staff alone: they are given in Italian.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date

from backoffice.case_card.sheet import without_isolates
from backoffice.own_copy.entries import (
    appointment_words,
    contract_words,
    course_words,
    document_words,
    home_words,
    in_rome,
    intake_words,
    mediation_words,
    moment_words,
    proposal_words,
    register_words,
    request_words,
    staff_words,
)
from backoffice.own_copy.shape import (
    CaseEntry,
    ConsentEntry,
    OwnCopyFile,
    Record,
    ShareEntry,
    Talk,
)
from backoffice.person.details import Details, SafeContact
from backoffice.templating import as_euros
from translations.catalog import text
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
            yield from self.line("copy.appointments", *appointment_words(each))
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
        yield from self.line("card.opened", moment_words(case.opened_at))
        yield Line(self.say("card.phase"), self.say(f"bot.phase_{case.phase}"))
        yield from self.line("card.responsible", case.responsible, self.copy.organisation)
        yield from self.line("copy.home", case.municipality)
        yield from self.line("copy.needs", ", ".join(staff_words("need", each) for each in case.needs))
        yield from self.line("copy.answers", *intake_words(case.intake))
        answers = [f"{each.question}: {each.words}" for each in case.answers]
        yield from self.line("copy.answers", *answers)
        yield self.steps(case)
        yield from self.plan(case)
        for note in case.notes:
            yield from self.line("copy.notes", moment_words(note.at), note.words)
        yield from self.line("copy.documents", *map(document_words, case.documents))
        yield from map(self.share, case.shares)
        for home in case.homes:
            yield from self.line("copy.homes", *home_words(home))
        if case.register_entry:
            yield from self.line("copy.register", *register_words(case.register_entry))
        if case.request:
            yield from self.line("copy.care_request", *request_words(case.request))
        for proposal in case.proposals:
            yield from self.line("copy.care_proposals", *proposal_words(proposal))
        for contract in case.contracts:
            yield from self.line("copy.care_contracts", *contract_words(contract))
        for course in case.courses:
            yield from self.line("copy.courses", *course_words(course))
        for mediation in case.mediations:
            yield from self.line("copy.mediations", *mediation_words(mediation))
        for opening in case.opened_in_need:
            until = f"{moment_words(opening.at)} – {moment_words(opening.until)}"
            yield from self.line("copy.shares", opening.organisation, until)

    def steps(self, case: CaseEntry) -> Line:
        steps = [
            "\n".join(
                f"{moment_words(each.at)}  {without_isolates(text(f'bot.phase_{each.phase}', language))}"
                for each in case.phases
            )
            for language in self.languages
        ]
        return Line(self.say("copy.steps"), tuple(steps))

    def share(self, share: ShareEntry) -> Line:
        parts = [
            ", ".join(text(f"system.consent_part.{part}", language) for part in share.parts)
            for language in self.languages
        ]
        until = f"{moment_words(share.starts_at)} – {moment_words(share.until)}"
        words = tuple(
            "\n".join(filter(None, (share.organisation, each, share.purpose, share.request, until)))
            for each in parts
        )
        return Line(self.say("copy.shares"), words)

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
            yield from self.line("copy.notes", moment_words(note.at), note.words)

    def talk(self, talk: Talk) -> Iterator[Line]:
        for said in talk.messages:
            who = {"citizen": "you", "mediator": "desk"}.get(said.author, "machine")
            labels = tuple(f"{each} · {moment_words(said.at)}" for each in self.say(f"copy.{who}"))
            words = [said.text, said.original] if said.original != said.text else [said.text]
            if said.files:
                words.append(self.say("copy.files", count=str(said.files))[0])
            yield Line(labels, ("\n".join(each for each in words if each),))
        if talk.summary:
            yield from self.line("copy.notes", *talk.summary)

    def consent(self, given: ConsentEntry) -> Line:
        key = "given" if given.answer == "given" else "withdrawn"
        moment = given.given_on.strftime("%d.%m.%Y") if given.given_on else moment_words(given.recorded_at)
        labels = tuple(f"{each} {moment}" for each in self.say(f"copy.{key}"))
        return Line(labels, (given.text,))

    def looked(self) -> Iterator[Line]:
        counted = Counter((in_rome(each.at).date(), each.organisation) for each in self.copy.looked)
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


def _living(facts: dict[str, Any]) -> Iterator[str]:
    if facts.get("isee_eur") is not None:
        yield text("backoffice.persons.isee", SOURCE, sum=as_euros(facts["isee_eur"]))
    if facts.get("income_source"):
        label = text("backoffice.persons.field.income_source", SOURCE)
        yield f"{label}: {staff_words('persons.income', facts['income_source'])}"


def _birth(known: Details) -> str | None:
    return known.born_on.isoformat() if known.born_on else (str(known.birth_year or "") or None)


def _language(code: str, language: str) -> str:
    return Locale(language).languages.get(code) or code


def _day(moment: datetime | date, language: str) -> str:
    return format_date(in_rome(moment) if isinstance(moment, datetime) else moment, "long", locale=language)
