"""Fetches and installs translation packages (`python -m translations.packages`).

    install ar uk        what is needed between Italian and these languages, by way of English
    install-file FILE…   packages that were fetched elsewhere, for a machine without a network
    list                 what is installed

The index is Argos's own, or `ARGOS_PACKAGE_INDEX`. Argos's installer is not used: it checks nothing,
knows no time limit, keeps a broken download for ever and leaves old versions beside new ones. Here a
download that breaks off goes on where it stopped, a checksum is compared, and a package appears in
its folder whole or not at all. A running server sees it with the next text.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from translations.archive import BrokenPackage, unpack
from translations.argos import PIVOT, Pair, installed_packages, read_package, version_key
from translations.checksums import Checksums, WrongChecksum
from translations.download import Download, Offline, fetch, read_json
from translations.languages import SOURCE

ARGOS_INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"

Report = Callable[[str], None]


class NotInstalled(Exception):
    """Why a package was not installed, and what to do, in one sentence for an operator."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when everything that was asked for is there."""
    parser = argparse.ArgumentParser(prog="translations.packages", description=__doc__.split("\n")[0])
    parser.add_argument("--dir", type=Path, default=_default_folder(), help="where packages lie")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="fetch what is needed for languages").add_argument(
        "languages", nargs="+", metavar="LANGUAGE", help="ISO 639-1 codes, such as ar uk"
    )
    commands.add_parser("install-file", help="install package files").add_argument(
        "files", nargs="+", type=Path, metavar="FILE"
    )
    commands.add_parser("list", help="show what is installed")
    asked = parser.parse_args(arguments)
    if asked.command == "list":
        return _list(asked.dir)
    try:
        with one_at_a_time(asked.dir):
            if asked.command == "install-file":
                return _install_files(asked.files, asked.dir)
            index = os.environ.get("ARGOS_PACKAGE_INDEX") or ARGOS_INDEX
            return install_languages(asked.languages, packages_dir=asked.dir, index=index, report=_print)
    except NotInstalled as error:
        _print(str(error))
        return 1


def install_languages(
    languages: Sequence[str],
    *,
    packages_dir: Path,
    index: str,
    report: Report,
    checksums: Checksums | None = None,
) -> int:
    """Install every package that is missing or old for these languages; return how many failed.

    Raises:
        NotInstalled: the index can't be read.
    """
    checksums = checksums or Checksums(work_folder(packages_dir))
    available = _read_index(index)
    failures = 0
    for pair in needed_pairs(languages):
        try:
            _install_pair(pair, available, packages_dir, checksums, report)
        except NotInstalled as error:
            failures += 1
            report(str(error))
    report(_summary(failures, packages_dir))
    return min(failures, 1)


def install_file(
    path: Path, *, packages_dir: Path, report: Report = lambda line: None, wanted: Pair | None = None
) -> Pair:
    """Install one package file and remove older versions of its pair; return the pair.

    Raises:
        NotInstalled: the file is no package, not one that can run here, or not for the pair `wanted`.
    """
    packages_dir.mkdir(parents=True, exist_ok=True)
    try:
        package = unpack(path, work_folder(packages_dir) / "unpacked")
    except BrokenPackage as error:
        raise NotInstalled(f"{path.name} was not installed: {error}") from None
    if wanted not in (None, package.pair):
        raise NotInstalled(
            f"{path.name} was not installed: it is for {package.pair[0]} -> {package.pair[1]}."
        )
    _put_in_place(package.folder, packages_dir, package.pair, package.version)
    report(f"{package.pair[0]} -> {package.pair[1]} {package.version} is installed.")
    return package.pair


def needed_pairs(languages: Sequence[str]) -> list[Pair]:
    """Return the packages between Italian and the languages: each from and to English."""
    codes = dict.fromkeys(code for code in (SOURCE, *languages) if code != PIVOT)
    return [pair for code in codes for pair in ((code, PIVOT), (PIVOT, code))]


def work_folder(packages_dir: Path) -> Path:
    """Return the folder for downloads and checksums: on the same disk, and not among the packages.

    A folder among them that is no package would make Argos itself fail on all.
    """
    return packages_dir.with_name(f"{packages_dir.name}.work")


@contextlib.contextmanager
def one_at_a_time(packages_dir: Path) -> Iterator[None]:
    """Hold the folder for one installation.

    Raises:
        NotInstalled: another one is running.
    """
    folder = work_folder(packages_dir)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotInstalled(
                f"Another installation into {packages_dir} is running. Wait for it to end."
            ) from None
        yield


def _read_index(index: str) -> dict[Pair, Download]:
    """Return the newest package of each pair."""
    address = f"{index.rstrip('/')}/index.json"
    try:
        entries = read_json(address)
    except Offline as error:
        raise NotInstalled(
            f"The index of translation packages can't be read: {error} Packages that are installed go on"
            " working. On a machine without a network, set ARGOS_PACKAGE_INDEX to a mirror, or copy"
            " .argosmodel files here and run: python -m translations.packages install-file FILE"
        ) from None
    newest: dict[Pair, Download] = {}
    for entry in entries if isinstance(entries, list) else ():
        download = Download.from_index(entry, base=address)
        if download is None:
            continue
        other = newest.get(download.pair)
        if other is None or version_key(other.version) < version_key(download.version):
            newest[download.pair] = download
    return newest


def _install_pair(
    pair: Pair, available: dict[Pair, Download], packages_dir: Path, checksums: Checksums, report: Report
) -> None:
    name = f"{pair[0]} -> {pair[1]}"
    have = installed_packages(packages_dir).get(pair)
    download = available.get(pair)
    if download is None:
        if have is not None:
            report(f"{name} {have.version} is installed already; the index has none.")
            return
        raise NotInstalled(f"{name}: the index has no package for this pair.")
    if have is not None and version_key(have.version) >= version_key(download.version):
        report(f"{name} {have.version} is installed already.")
        return
    file = _fetched(download, packages_dir, checksums, report)
    try:
        install_file(file, packages_dir=packages_dir, report=report, wanted=pair)
    finally:
        file.unlink()


def _fetched(download: Download, packages_dir: Path, checksums: Checksums, report: Report) -> Path:
    """Return the downloaded file with the right checksum."""
    folder = work_folder(packages_dir) / "downloads"
    try:
        file = fetch(download, folder, report)
        note = checksums.verify(download.name, file)
    except Offline as error:
        raise NotInstalled(f"{download.title}: {error}") from None
    except WrongChecksum as error:
        file.unlink()
        raise NotInstalled(f"{download.title} was not installed: {error}") from None
    report(f"{download.title}: {note}")
    return file


def _put_in_place(folder: Path, packages_dir: Path, pair: Pair, version: str) -> None:
    """Let a package appear whole, then remove its older versions."""
    place = packages_dir / f"translate-{pair[0]}_{pair[1]}-{version.replace('.', '_')}"
    replaced = folder.parent / "replaced"
    shutil.rmtree(replaced, ignore_errors=True)
    if place.exists():
        place.rename(replaced)
    folder.rename(place)
    shutil.rmtree(replaced, ignore_errors=True)
    for other in packages_dir.iterdir():
        package = read_package(other)
        if other != place and package is not None and (package.source, package.target) == pair:
            shutil.rmtree(other)


def _install_files(files: Sequence[Path], packages_dir: Path) -> int:
    for file in files:
        install_file(file, packages_dir=packages_dir, report=_print)
    return 0


def _list(packages_dir: Path) -> int:
    packages = installed_packages(packages_dir)
    for pair, package in sorted(packages.items()):
        size = sum(file.stat().st_size for file in package.folder.rglob("*") if file.is_file())
        _print(f"{pair[0]} -> {pair[1]}  {package.version}  {size / 1e6:.1f} MB  {package.folder.name}")
    _print(f"{len(packages)} packages in {packages_dir}")
    return 0


def _summary(failures: int, packages_dir: Path) -> str:
    count = len(installed_packages(packages_dir))
    if failures:
        return (
            f"{failures} packages were not installed; {count} are in {packages_dir}. Run this again to go on."
        )
    return f"Everything is there: {count} packages in {packages_dir}."


def _default_folder() -> Path:
    """Return the folder of the settings, for whoever calls this by hand."""
    data = Path(os.environ.get("SPORTELLO_DATA_DIR") or "var")
    return Path(os.environ.get("SPORTELLO_ARGOS_PACKAGES_DIR") or data / "translation-packages")


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command's output


if __name__ == "__main__":
    sys.exit(main())
