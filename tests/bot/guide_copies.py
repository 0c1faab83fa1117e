"""A small guide in two languages, as it was copied before an outage."""

from __future__ import annotations

from datetime import UTC, date, datetime

from backoffice.client.schemas import GuideAnswer, GuideAspect, GuideCase, GuideCopy, GuidePart, GuideSource

MADE_AT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
"""Half past midnight of 25 November in Italy."""

SOURCE = GuideSource(title="Patronato SIAS", url=None, dated="2025")


def copied_guide(language: str = "it", *, is_stale: bool = False) -> GuideCopy:
    """Return a copy with one topic that asks and one that does not."""
    return GuideCopy(
        language=language, made_at=MADE_AT, topics=[_permit(language, is_stale), _tax_code(language)]
    )


def _permit(language: str, is_stale: bool) -> GuideAnswer:
    return GuideAnswer(
        topic="residence_permit",
        language=language,
        text="Chi resta più di 90 giorni chiede il permesso. Numero verde 800 905 570.",
        next_step="Vai alla posta.",
        ask="Di che cosa hai bisogno?",
        cases=[
            GuideCase(name="eu", option="Cittadino UE", parts=[_part(GuideAspect.WHO, "Non ti serve.")]),
            GuideCase(
                name="renew",
                option="Rinnovo",
                parts=[
                    _part(GuideAspect.BRING, "• Passaporto", is_stale=is_stale),
                    _part(GuideAspect.COST, "30 euro"),
                ],
            ),
        ],
        sources=[SOURCE],
        verified_on=date(2026, 11, 23),
        valid_to=date(2026, 12, 31),
        call_first=False,
        is_stale=False,
    )


def _tax_code(language: str) -> GuideAnswer:
    return GuideAnswer(
        topic="tax_code",
        language=language,
        text="Il codice fiscale è gratis <b>",
        next_step="Vai allo sportello.",
        ask=None,
        cases=[GuideCase(name="all", option=None, parts=[_part(GuideAspect.WHO, "Tutti.")])],
        sources=[SOURCE],
        verified_on=date(2026, 11, 23),
        valid_to=date(2027, 5, 31),
        call_first=False,
        is_stale=False,
    )


def _part(aspect: GuideAspect, text: str, *, is_stale: bool = False) -> GuidePart:
    return GuidePart(aspect=aspect, text=text, sources=[SOURCE], is_stale=is_stale)
