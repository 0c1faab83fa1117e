"""Argos Translate on this machine, without torch and without a word to the network.

What Argos would do by itself, and does not here: load Stanza (torch), download models to split
sentences, phone home through onnxruntime, write into the home directory, log every text, keep the
last text in a cache, and keep every model in memory. Pairs without a package go through others, by
way of English where that is possible. Not safe for several threads: `translations.worker` gives it a
process of its own.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from translations.engine import EngineFailed, MissingPackages, Translated, translate_with
from translations.glossary import Glossary
from translations.sentences import split_sentences

PIVOT = "en"
"""Argos's packages lead from and to English."""

Pair = tuple[str, str]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class InstalledPackage:
    """One direction in the packages folder."""

    source: str
    target: str
    version: str
    folder: Path


class ArgosEngine:
    """Translates with the packages in a folder; sees by itself when some are added or removed.

    At most `loaded` models (some 150 MB each) stay in memory, those used last. `threads` is what one
    translation may use. Everything that Argos writes goes under `data_dir`.
    """

    def __init__(
        self,
        *,
        packages_dir: Path,
        data_dir: Path,
        loaded: int = 6,
        threads: int = 1,
        glossary: Glossary | None = None,
    ) -> None:
        self._packages_dir = packages_dir
        self._glossary = glossary
        self._models = _Models(data_dir, loaded=max(1, loaded), threads=threads)
        self._packages: dict[Pair, InstalledPackage] = {}

    def translate(self, text: str, source: str, target: str, *, names: Sequence[str] = ()) -> Translated:
        """Return the translation (`translations.engine.Engine`).

        Raises:
            MissingPackages: no chain of packages leads from one language to the other.
            EngineFailed: Argos broke on this text or on a package.
            TextTooLong: the text is longer than a message may be.
        """
        return translate_with(
            lambda: [partial(self._models.translate, package) for package in self._route(source, target)],
            text,
            source,
            target,
            engine="argos",
            version=lambda: ", ".join(
                f"{package.source}-{package.target} {package.version}"
                for package in self._route(source, target)
            ),
            names=names,
            glossary=self._glossary,
        )

    def can_translate(self, source: str, target: str) -> bool:
        """Tell whether packages for this pair are installed."""
        self._look_again()
        return source == target or route(self._packages, source, target) is not None

    def loaded_pairs(self) -> list[Pair]:
        """Return the pairs whose models are in memory, the one used last at the end."""
        return self._models.pairs()

    def _route(self, source: str, target: str) -> list[InstalledPackage]:
        self._look_again()
        pairs = route(self._packages, source, target)
        if pairs is None:
            raise MissingPackages(source, target, missing_pairs(self._packages, source, target))
        return [self._packages[pair] for pair in pairs]

    def _look_again(self) -> None:
        found = installed_packages(self._packages_dir)
        if found != self._packages:
            self._models.forget_all_but(found.values())
            self._packages = found


def installed_packages(packages_dir: Path) -> dict[Pair, InstalledPackage]:
    """Return the usable packages of a folder by pair; of several versions the highest.

    What is no package, or none that can run here, is passed over: one stray folder would make Argos
    itself fail on all.
    """
    if not packages_dir.is_dir():
        return {}
    found: dict[Pair, InstalledPackage] = {}
    for folder in sorted(packages_dir.iterdir()):
        package = read_package(folder)
        if package is None:
            continue
        other = found.get((package.source, package.target))
        if other is None or version_key(other.version) <= version_key(package.version):
            found[package.source, package.target] = package
    return found


def route(pairs: dict[Pair, Any], source: str, target: str) -> list[Pair] | None:
    """Return the shortest chain of pairs between two languages, through English rather than others."""
    before: dict[str, str] = {source: source}
    waiting = deque([source])
    while waiting and target not in before:
        current = waiting.popleft()
        onward = [to for start, to in pairs if start == current and to not in before]
        for language in sorted(onward, key=lambda code: (code != PIVOT, code)):
            before[language] = current
            waiting.append(language)
    if target not in before:
        return None
    chain = [target]
    while chain[-1] != source:
        chain.append(before[chain[-1]])
    chain.reverse()
    return list(pairwise(chain))


def missing_pairs(pairs: dict[Pair, Any], source: str, target: str) -> list[Pair]:
    """Return what has to be installed for a pair, by way of English."""
    wanted = [(source, target)] if PIVOT in (source, target) else [(source, PIVOT), (PIVOT, target)]
    return [
        pair for pair in wanted if pair not in pairs and (pair[0] == pair[1] or route(pairs, *pair) is None)
    ]


def version_key(version: str) -> tuple[int, ...]:
    """Return a version such as "1.9" so that it compares."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def read_package(folder: Path) -> InstalledPackage | None:
    """Read one folder; packages with `bpe.model` need a tokenizer that is not installed."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        is_whole = (folder / "sentencepiece.model").is_file() and (folder / "model" / "model.bin").is_file()
        if is_whole and metadata.get("type", "translate") == "translate":
            version = str(metadata.get("package_version", "0"))
            return InstalledPackage(str(metadata["from_code"]), str(metadata["to_code"]), version, folder)
    return None


@dataclass
class _Models:
    """Loaded models, the one used last at the end."""

    data_dir: Path
    loaded: int
    threads: int
    _translations: OrderedDict[Path, Any] = field(default_factory=OrderedDict)
    _pairs: dict[Path, Pair] = field(default_factory=dict)

    def translate(self, package: InstalledPackage, text: str) -> str:
        """Run one model."""
        try:
            translation = self._load(package)
            return str(translation.hypotheses(text, 1)[0].value)
        except Exception as error:  # whatever a package or a library throws, callers know one error
            self._drop(package.folder)
            # The class alone: the message of an error may hold the text.
            reason = type(error).__name__
            raise EngineFailed(
                f"Argos Translate failed on {package.source} -> {package.target} ({reason})."
                " Installing the package again may mend it: make translation-packages"
                f' LANGUAGES="{package.source} {package.target}"'
            ) from None

    def pairs(self) -> list[Pair]:
        return [self._pairs[folder] for folder in self._translations]

    def forget_all_but(self, packages: Any) -> None:
        kept = {package.folder for package in packages}
        for folder in [folder for folder in self._translations if folder not in kept]:
            self._drop(folder)

    def _load(self, package: InstalledPackage) -> Any:
        if package.folder not in self._translations:
            while len(self._translations) >= self.loaded:
                self._drop(next(iter(self._translations)))
            argos = load_argos(self.data_dir, threads=self.threads)
            self._translations[package.folder] = argos.package_translation(package.folder)
            self._pairs[package.folder] = (package.source, package.target)
        self._translations.move_to_end(package.folder)
        return self._translations[package.folder]

    def _drop(self, folder: Path) -> None:
        translation = self._translations.pop(folder, None)
        self._pairs.pop(folder, None)
        if translation is not None and translation.translator is not None:
            translation.translator.unload_model()
            translation.translator = None


@dataclass(frozen=True)
class Argos:
    """The two modules of Argos that are used."""

    package: ModuleType
    translate: ModuleType

    def package_translation(self, folder: Path) -> Any:
        """Return Argos's object for one package, without its cache of texts around it."""
        package = self.package.Package(folder)
        language = self.translate.Language
        return self.translate.PackageTranslation(
            language(package.from_code, package.from_name),
            language(package.to_code, package.to_name),
            package,
        )


def load_argos(data_dir: Path, *, threads: int = 1) -> Argos:
    """Import Argos so that it stays in the data folder; the first call decides the folder."""
    if "argostranslate.translate" not in sys.modules:
        with _environment(data_dir, threads), _stubs():
            importlib.import_module("argostranslate.translate")
    translate = sys.modules["argostranslate.translate"]
    for name in ("MiniSBDSentencizer", "StanzaSentencizer", "SpacySentencizerSmall"):
        setattr(translate, name, _Splitter)
    # It logs every sentence at INFO.
    logging.getLogger("argostranslate.utils").setLevel(logging.WARNING)
    return Argos(sys.modules["argostranslate.package"], translate)


class _Splitter:
    """Takes the place of Argos's splitters, whatever a package brings along."""

    def __init__(self, package: Any) -> None:
        self.pkg = package

    def split_sentences(self, text: str) -> list[str]:
        return [sentence.strip() for sentence in split_sentences(text) if sentence.strip()]


@contextmanager
def _environment(data_dir: Path, threads: int) -> Iterator[None]:
    """Set what Argos reads once, at import; nothing of it stays for the rest of the process."""
    values = {
        "XDG_DATA_HOME": str(data_dir / "data"),
        "XDG_CONFIG_HOME": str(data_dir / "config"),
        "XDG_CACHE_HOME": str(data_dir / "cache"),
        "ARGOS_PACKAGES_DIR": str(data_dir / "packages-of-argos"),  # not ours: a stray folder breaks all
        "ARGOS_DEBUG": "0",
        "ARGOS_DEVICE_TYPE": "cpu",
        "ARGOS_CHUNK_TYPE": "DEFAULT",
        "ARGOS_MODEL_PROVIDER": "OPENNMT",
        "ARGOS_INTER_THREADS": "1",
        "ARGOS_INTRA_THREADS": str(threads),
    }
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # stays: onnxruntime, if anything imports it, reads it later
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _stubs() -> Iterator[None]:
    """Stand in for the modules that Argos imports to split sentences, for as long as it imports."""
    stubs: dict[str, Any] = {
        name: ModuleType(name) for name in ("stanza", "minisbd", "minisbd.models", "spacy")
    }
    stubs["minisbd"].SBDetect, stubs["minisbd"].models = None, stubs["minisbd.models"]
    before = {name: sys.modules.get(name) for name in stubs}
    sys.modules.update(stubs)
    try:
        yield
    finally:
        for name, module in before.items():
            del sys.modules[name]
            if module is not None:
                sys.modules[name] = module
