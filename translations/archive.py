"""Opens package files, which come from the network and may be hostile."""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

LARGEST_PACKAGE = 2_000_000_000
"""Bytes of an unpacked package; published ones have 100 to 400 million."""

CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
VERSION = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,3}")


class BrokenPackage(Exception):
    """Why a file can't be used as a package, in one sentence."""


@dataclass(frozen=True)
class Unpacked:
    """A package in a folder of its own."""

    pair: tuple[str, str]
    version: str
    folder: Path


def unpack(file: Path, into: Path, *, largest: int = LARGEST_PACKAGE) -> Unpacked:
    """Unpack a package into a folder that is emptied first.

    Raises:
        BrokenPackage: it is no zip file, is damaged, too large, leads out of its folder, or lacks a part.
    """
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    try:
        with zipfile.ZipFile(file) as archive:
            top = _top_folder(archive.infolist(), largest)
            _extract(archive, into, largest)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise BrokenPackage(f"it is no sound zip file ({type(error).__name__}). Fetch it again.") from None
    return _read(into / top)


def _top_folder(members: Iterable[zipfile.ZipInfo], largest: int) -> str:
    tops = set()
    for member in members:
        path = PurePosixPath(member.filename)
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if (
            path.is_absolute()
            or ".." in path.parts
            or "\\" in member.filename
            or ":" in path.parts[0]
            or is_link
        ):
            raise BrokenPackage("it holds a name that leads out of its folder. Do not use this file.")
        tops.add(path.parts[0])
    if len(tops) != 1:
        raise BrokenPackage("it does not hold exactly one folder, as packages do.")
    if sum(member.file_size for member in members) > largest:
        raise BrokenPackage(f"it is larger than {largest / 1e6:.0f} MB unpacked.")
    return tops.pop()


def _extract(archive: zipfile.ZipFile, into: Path, largest: int) -> None:
    """Copy member by member, counting: the sizes in the file itself may lie."""
    left = largest
    for member in archive.infolist():
        place = into / member.filename
        if member.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, place.open("wb") as copy:
            while block := source.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise BrokenPackage(f"it is larger than {largest / 1e6:.0f} MB unpacked.")
                copy.write(block)


def _read(folder: Path) -> Unpacked:
    try:
        metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        pair = str(metadata["from_code"]), str(metadata["to_code"])
        version = str(metadata["package_version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BrokenPackage("its metadata.json is missing or broken.") from None
    if not (all(CODE.fullmatch(code) for code in pair) and VERSION.fullmatch(version)):
        raise BrokenPackage("its metadata.json names no languages or no version.")
    if (folder / "bpe.model").is_file() and not (folder / "sentencepiece.model").is_file():
        raise BrokenPackage("it needs a tokenizer that Sportello does not install (bpe.model).")
    if not ((folder / "sentencepiece.model").is_file() and (folder / "model" / "model.bin").is_file()):
        raise BrokenPackage("it holds no model (sentencepiece.model and model/model.bin).")
    return Unpacked((pair[0], pair[1]), version, folder)
