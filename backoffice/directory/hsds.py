"""`python -m backoffice.directory.hsds export|import|validate`: the directory as Open Referral HSDS.

`make hsds-export FILE=`, `make hsds-import FILE=`, `make hsds-validate SCHEMAS=` (docs/directory.md).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.directory.hsds_export import Tables, flat_tables, nested_services
from backoffice.directory.hsds_import import check
from backoffice.directory.hsds_load import is_empty, load
from backoffice.directory.hsds_package import make_package
from backoffice.directory.hsds_rows import read_file
from backoffice.directory.hsds_validate import SchemasMissing, read_schemas, validate
from backoffice.settings import read_settings
from backoffice.tables import load_tables
from translations.languages import LANGUAGES, SOURCE


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked with the database of the settings; return 1 where something is wrong."""
    asked = _parser().parse_args(arguments)
    load_tables()
    settings = read_settings()
    database = Database(settings.url, secret=settings.secret)
    try:
        if asked.act == "import":
            with database.transaction() as session:
                return import_file(session, asked.file, write=asked.write, replace=asked.replace)
        with database.read() as session:
            if asked.act == "export":
                return export_file(session, asked.file, language=asked.language)
            return validate_export(session, asked.schemas)
    finally:
        database.close()


def export_file(session: Session, path: Path, *, language: str = SOURCE) -> int:
    """Write the directory into a file: `.zip` is the package of CSV tables, anything else JSON."""
    tables = flat_tables(session, language=language)
    path.write_bytes(make_package(tables) if path.suffix == ".zip" else as_json(tables))
    print(f"{len(tables['service'])} services of {len(tables['organization'])} bodies in {path}")
    return 0


def as_json(tables: Tables) -> bytes:
    """Return the list of all services, each with all that belongs to it; a body without any is left out."""
    return (json.dumps(nested_services(tables), ensure_ascii=False, indent=2) + "\n").encode()


def import_file(session: Session, path: Path, *, write: bool, replace: bool) -> int:
    """Read a file of either format, say all that is wrong, and write it where that is asked."""
    now = utc_now()
    checked = check(read_file(path.read_bytes()), now=now)
    for problem in checked.problems:
        print(f"WRONG     {problem}")
    for name, count in sorted(checked.left_out.items()):
        print(f"LEFT OUT  {name} ({count}): Sportello has no place for it")
    if checked.problems:
        print(f"{len(checked.problems)} things are wrong; nothing was written")
        return 1
    if not write:
        print(f"{checked.services} services can be imported; nothing was written (say --write)")
        return 0
    if not replace and not is_empty(session):
        print("The directory has entries already; nothing was written (--replace puts this in their place)")
        return 1
    load(session, checked, by=SERVICE, now=now)
    print(f"{checked.services} services were imported")
    return 0


def validate_export(session: Session, folder: Path) -> int:
    """Hold what would be exported against the schemas of a folder, and say what does not fit."""
    tables = flat_tables(session)
    objects = {**tables, "service": nested_services(tables)}
    try:
        verdicts = validate(read_schemas(folder), objects)
    except SchemasMissing as missing:
        print(missing)
        return 1
    for verdict in verdicts:
        for problem in verdict.problems:
            print(f"WRONG  {problem}")
        print(f"{verdict.schema}: {verdict.objects} objects, {len(verdict.problems)} problems")
    return 1 if any(verdict.problems for verdict in verdicts) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backoffice.directory.hsds", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    export = acts.add_parser("export", help="write the directory into FILE, JSON or .zip")
    export.add_argument("file", type=Path)
    export.add_argument("--language", choices=sorted(LANGUAGES), default=SOURCE)
    take = acts.add_parser("import", help="read FILE and say what is wrong; write it with --write")
    take.add_argument("file", type=Path)
    take.add_argument("--write", action="store_true", help="write it, if nothing is wrong")
    take.add_argument("--replace", action="store_true", help="in the place of the entries that are there")
    held = acts.add_parser("validate", help="hold the export against the published schemas")
    held.add_argument("--schemas", type=Path, required=True, help="folder with the schemas of HSDS")
    return parser


if __name__ == "__main__":
    sys.exit(main())
