"""The catalogue that data portals read: DCAT-AP_IT as JSON-LD. Pure.

The profile is that of AgID (DCAT-AP_IT 1.0; ontology http://dati.gov.it/onto/dcatapit, version 2.0 of
2022-06-23), read as its guidelines for catalogues say: every mandatory property of catalogue, dataset,
distribution and agent, and years as distributions of one dataset. Two values may be missing, and are left out
then: the code of the publisher in the index of public bodies, and the identifier that the national catalogue
gives a dataset, in whose place ours stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.planning.registry import figure_of
from backoffice.planning_files.queries import Edition
from backoffice.planning_files.schemas import LICENCE
from backoffice.planning_files.wording import Wording

CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority"
THEMES = ("SOCI", "GOVE")
"""Population and society; government and public sector."""
KINDS = {"csv": "CSV", "json": "JSON"}
"""Files of a figure and year, with their codes in the EU's list of file types."""

Node = dict[str, Any]


@dataclass(frozen=True)
class Publisher:
    """Who publishes and is answerable: the body at the front door. `ipa_code` None: not in the settings."""

    name: str
    ipa_code: str | None


def catalogue_of(
    editions: Sequence[Edition], publisher: Publisher, wordings: Sequence[Wording], *, address: str
) -> Node:
    """Return the catalogue.

    Args:
        editions: every figure and year that is told; at least one.
        publisher: who publishes.
        wordings: one for each language of titles and descriptions.
        address: where these pages are, without a slash at the end.
    """
    home = f"{address}/open-data"
    by_figure: dict[str, list[Edition]] = {}
    for edition in editions:
        by_figure.setdefault(edition.figure, []).append(edition)
    files = [_distribution(edition, kind, wordings, home=home) for edition in editions for kind in KINDS]
    datasets = [_dataset(code, years, publisher, wordings, home=home) for code, years in by_figure.items()]
    catalogue = {
        "@id": f"{home}/catalog.jsonld",
        "@type": ["dcatapit:Catalog", "dcat:Catalog"],
        "dct:title": _words(wordings, lambda each: each.say("open.catalogue_title")),
        "dct:description": _words(wordings, lambda each: each.say("open.catalogue_description")),
        "dct:publisher": _link(f"{home}#publisher"),
        "dct:issued": _day(min(edition.first_on for edition in editions)),
        "dct:modified": _day(max(edition.until for edition in editions)),
        "dct:language": _languages(wordings),
        "dct:license": _link(LICENCE),
        "dcat:themeTaxonomy": _link(f"{AUTHORITY}/data-theme"),
        "foaf:homepage": _link(home),
        "dcat:dataset": [_link(dataset["@id"]) for dataset in datasets],
    }
    about = [_agent(publisher, home=home), _licence(), _place(wordings, home=home)]
    return {"@context": CONTEXT, "@graph": [catalogue, *datasets, *files, *about]}


def _dataset(
    code: str, years: Sequence[Edition], publisher: Publisher, wordings: Sequence[Wording], *, home: str
) -> Node:
    figure = figure_of(code)
    prefix = publisher.ipa_code or "sportello"
    return {
        "@id": f"{home}#{code}",
        "@type": ["dcatapit:Dataset", "dcat:Dataset"],
        "dct:identifier": f"{prefix}:{code}",
        "dct:title": _words(wordings, lambda each: each.say("open.dataset_title", title=each.title(figure))),
        "dct:description": _words(wordings, lambda each: each.definition(figure)),
        "dct:issued": _day(min(edition.first_on for edition in years)),
        "dct:modified": _day(max(edition.until for edition in years)),
        "dcat:theme": [_link(f"{AUTHORITY}/data-theme/{theme}") for theme in THEMES],
        "dct:rightsHolder": _link(f"{home}#publisher"),
        "dct:publisher": _link(f"{home}#publisher"),
        "dct:creator": _link(f"{home}#publisher"),
        "dct:accrualPeriodicity": _link(f"{AUTHORITY}/frequency/MONTHLY"),
        "dct:language": [_link(f"{AUTHORITY}/language/ITA")],
        "dct:spatial": _link(f"{home}#district"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcatapit:startDate": _day(date(min(edition.year for edition in years), 1, 1)),
            "dcatapit:endDate": _day(date(max(edition.year for edition in years), 12, 31)),
        },
        "dcat:landingPage": _link(home),
        "dcat:distribution": [
            _link(file_address(edition, kind, home=home)) for edition in years for kind in KINDS
        ],
    }


def _distribution(edition: Edition, kind: str, wordings: Sequence[Wording], *, home: str) -> Node:
    figure = figure_of(edition.figure)
    address = file_address(edition, kind, home=home)
    return {
        "@id": address,
        "@type": ["dcatapit:Distribution", "dcat:Distribution"],
        "dct:title": _words(
            wordings,
            lambda each: each.say(
                "open.distribution_title", title=each.title(figure), year=str(edition.year), kind=KINDS[kind]
            ),
        ),
        "dct:format": _link(f"{AUTHORITY}/file-type/{KINDS[kind]}"),
        "dct:license": _link(LICENCE),
        "dct:modified": _day(edition.until),
        "dcat:accessURL": _link(address),
        "dcat:downloadURL": _link(address),
    }


def file_address(edition: Edition, kind: str, *, home: str) -> str:
    """Return where a file is."""
    return f"{home}/{edition.figure}/{edition.year}.{kind}"


def _agent(publisher: Publisher, *, home: str) -> Node:
    node: Node = {
        "@id": f"{home}#publisher",
        "@type": ["dcatapit:Agent", "foaf:Agent"],
        "foaf:name": {"@language": "it", "@value": publisher.name},
    }
    return node | ({"dct:identifier": publisher.ipa_code} if publisher.ipa_code else {})


def _licence() -> Node:
    return {
        "@id": LICENCE,
        "@type": ["dcatapit:LicenseDocument", "dct:LicenseDocument"],
        "dct:type": _link("http://purl.org/adms/licencetype/Attribution"),
        "foaf:name": "CC BY",
        "owl:versionInfo": "4.0",
    }


def _place(wordings: Sequence[Wording], *, home: str) -> Node:
    return {
        "@id": f"{home}#district",
        "@type": "dct:Location",
        "locn:geographicName": _words(wordings[:1], lambda each: each.say("open.district")),
    }


def _words(wordings: Iterable[Wording], words: Callable[[Wording], str]) -> list[Mapping[str, str]]:
    return [{"@language": each.language, "@value": words(each)} for each in wordings]


def _languages(wordings: Iterable[Wording]) -> list[Node]:
    codes = {"it": "ITA", "en": "ENG"}
    return [_link(f"{AUTHORITY}/language/{codes[each.language]}") for each in wordings]


def _link(address: str) -> Node:
    return {"@id": address}


def _day(day: date) -> Node:
    return {"@type": "xsd:date", "@value": day.isoformat()}
