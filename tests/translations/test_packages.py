from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.translations.conftest import PACKAGES
from tests.translations.mirror import Mirror, run_mirror
from translations import archive, packages
from translations.argos import installed_packages
from translations.checksums import Checksums, sha256
from translations.packages import NotInstalled, install_file, install_languages, needed_pairs, work_folder

ROOT = Path(__file__).resolve().parents[2]
IT_EN = PACKAGES / "it_en.argosmodel"


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with run_mirror() as running:
        for file in sorted(PACKAGES.glob("??_??.argosmodel")):
            running.offer(file)
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packages"


class Installer:
    """Installs from a mirror, keeping what was said."""

    def __init__(self, mirror: Mirror, folder: Path) -> None:
        self.mirror, self.folder = mirror, folder
        self.said: list[str] = []

    def install(self, *languages: str, checksums: Checksums | None = None, index: str | None = None) -> int:
        self.said.clear()
        return install_languages(
            languages,
            packages_dir=self.folder,
            index=index or self.mirror.url,
            report=self.said.append,
            checksums=checksums,
        )

    def pairs(self) -> set[tuple[str, str]]:
        return set(installed_packages(self.folder))


@pytest.fixture
def installer(mirror: Mirror, folder: Path) -> Installer:
    return Installer(mirror, folder)


def test_a_language_needs_four_packages_by_way_of_english() -> None:
    assert needed_pairs(["uk"]) == [("it", "en"), ("en", "it"), ("uk", "en"), ("en", "uk")]
    assert needed_pairs(["en"]) == [("it", "en"), ("en", "it")]


@pytest.mark.parametrize("ending", ["", "/"])
def test_what_a_language_needs_is_fetched_and_installed(installer: Installer, ending: str) -> None:
    assert installer.install("uk", index=installer.mirror.url + ending) == 0

    assert installer.pairs() == {("it", "en"), ("en", "it"), ("uk", "en"), ("en", "uk")}
    assert any("MB" in line for line in installer.said)
    assert any("trusted on first use" in line for line in installer.said)
    assert installer.said[-1].startswith("Everything is there: 4 packages")


def test_a_second_time_nothing_is_fetched(installer: Installer) -> None:
    installer.install("uk")
    installer.mirror.requests.clear()

    assert installer.install("uk") == 0
    assert installer.mirror.fetched() == []


def test_another_language_fetches_only_its_own(installer: Installer) -> None:
    installer.install("uk")
    installer.mirror.requests.clear()

    installer.install("ar", "uk")

    assert len(installer.mirror.fetched()) == 2
    assert len(installer.pairs()) == 6


def test_a_language_that_the_index_lacks_is_named_and_the_others_are_installed(installer: Installer) -> None:
    assert installer.install("pa", "uk") == 1

    assert "pa -> en: the index has no package for this pair." in installer.said
    assert ("en", "uk") in installer.pairs()


def test_a_download_that_breaks_off_goes_on_where_it_stopped(installer: Installer) -> None:
    installer.mirror.cut_after = [100_000, 50_000]

    assert installer.install("en") == 0

    first = [wanted for path, wanted in installer.mirror.requests if "it_en" in path]
    assert first == [None, "bytes=100000-", "bytes=150000-"]
    assert installer.pairs() == {("it", "en"), ("en", "it")}


def test_what_has_arrived_is_kept_for_the_next_run(installer: Installer) -> None:
    installer.mirror.cut_after = [1000] * 6
    assert installer.install("en") == 1
    assert any("run the same command again" in line for line in installer.said)

    installer.mirror.requests.clear()
    assert installer.install("en") == 0
    assert ("/files/it_en-0.1.argosmodel", "bytes=3000-") in installer.mirror.requests


def test_a_mirror_without_ranges_is_asked_for_all_of_it_again(installer: Installer) -> None:
    installer.mirror.knows_ranges = False
    installer.mirror.cut_after = [100_000]

    assert installer.install("en") == 0


def test_a_file_that_was_whole_already_is_not_fetched_again(installer: Installer) -> None:
    downloads = work_folder(installer.folder) / "downloads"
    downloads.mkdir(parents=True)
    (downloads / "translate-it_en-0.1.part").write_bytes(IT_EN.read_bytes())

    assert installer.install("en") == 0
    assert ("it", "en") in installer.pairs()


def pinned(tmp_path: Path, name: str, checksum: str) -> Checksums:
    file = tmp_path / "pinned.json"
    file.write_text(json.dumps({"sha256": {name: checksum}}))
    return Checksums(tmp_path / "seen", pinned_file=file)


def test_a_pinned_checksum_is_compared(installer: Installer, tmp_path: Path) -> None:
    checksums = pinned(tmp_path, "translate-it_en-0.1", sha256(IT_EN))

    assert installer.install("en", checksums=checksums) == 0
    assert "it -> en 0.1: fits the checksum that Sportello pins." in installer.said


def test_a_wrong_checksum_installs_nothing_and_leaves_nothing_behind(
    installer: Installer, tmp_path: Path
) -> None:
    checksums = pinned(tmp_path, "translate-it_en-0.1", "0" * 64)

    assert installer.install("en", checksums=checksums) == 1

    assert installer.pairs() == {("en", "it")}
    assert list((work_folder(installer.folder) / "downloads").iterdir()) == []


def test_a_version_may_not_change_after_its_first_use(installer: Installer) -> None:
    installer.install("en")
    shutil.rmtree(installer.folder / "translate-it_en-0_1")
    path = "/files/it_en-0.1.argosmodel"
    installer.mirror.files[path] = (PACKAGES / "en_it.argosmodel").read_bytes()

    assert installer.install("en") == 1
    assert any("the checksum of the first download" in line for line in installer.said)
    assert ("it", "en") not in installer.pairs()


def test_a_newer_version_takes_the_place_of_the_older(installer: Installer, tmp_path: Path) -> None:
    installer.install("en")
    newer = with_metadata(IT_EN, tmp_path / "it_en.argosmodel", package_version="0.10")
    installer.mirror.offer(newer, "0.10")

    assert installer.install("en") == 0

    assert installed_packages(installer.folder)["it", "en"].version == "0.10"
    assert sorted(path.name for path in installer.folder.iterdir()) == [
        "translate-en_it-0_1",
        "translate-it_en-0_10",
    ]


def test_a_link_that_leads_to_another_pair_is_not_trusted(installer: Installer) -> None:
    installer.mirror.files["/files/it_en-0.1.argosmodel"] = (PACKAGES / "en_uk.argosmodel").read_bytes()

    assert installer.install("en") == 1
    assert installer.pairs() == {("en", "it")}


def test_without_a_network_one_sentence_says_what_to_do(installer: Installer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(NotInstalled, match=r"no connection.*install-file"):
            installer.install("uk", index=address)


def test_an_index_that_is_no_json_is_told_so(installer: Installer) -> None:
    installer.mirror.files["/index.json"] = b"<html>"

    with pytest.raises(NotInstalled, match="can't be read"):
        installer.install("uk")


@pytest.mark.parametrize(
    "index",
    [
        b"{}",
        b'[{"from_code": "../x", "to_code": "it", "package_version": "1", "links": ["/x"]}, 7, {"links": 3}]',
    ],
)
def test_entries_of_an_index_that_are_no_packages_are_passed_over(installer: Installer, index: bytes) -> None:
    installer.mirror.files["/index.json"] = index

    assert installer.install("uk") == 1
    assert installer.pairs() == set()


def hostile_zip(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "package/../../evil.txt", "/etc/evil", "package\\..\\evil", "C:/evil", "package/../x"],
)
def test_names_that_lead_out_of_the_folder_are_refused(folder: Path, tmp_path: Path, name: str) -> None:
    file = hostile_zip(tmp_path / "hostile.argosmodel", "package/metadata.json", name)

    with pytest.raises(NotInstalled, match="leads out of its folder"):
        install_file(file, packages_dir=folder)

    assert not list(tmp_path.rglob("*evil*"))
    assert list(folder.iterdir()) == []


def test_a_link_in_a_package_is_refused(folder: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("package/model")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.argosmodel", "w") as file:
        file.writestr(link, "/etc/passwd")

    with pytest.raises(NotInstalled, match="leads out of its folder"):
        install_file(tmp_path / "link.argosmodel", packages_dir=folder)


def test_a_package_that_grows_beyond_measure_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.argosmodel", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("package/model.bin", b"\0" * 5_000_000)

    with pytest.raises(archive.BrokenPackage, match="larger than 1 MB"):
        archive.unpack(tmp_path / "bomb.argosmodel", tmp_path / "unpacked", largest=1_000_000)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("package/metadata.json",), "metadata.json is missing or broken"),
        (("one/metadata.json", "two/metadata.json"), "exactly one folder"),
        ((), "exactly one folder"),
    ],
)
def test_what_is_no_package_is_told_so(
    folder: Path, tmp_path: Path, names: tuple[str, ...], reason: str
) -> None:
    file = hostile_zip(tmp_path / "strange.argosmodel", *names)

    with pytest.raises(NotInstalled, match=reason):
        install_file(file, packages_dir=folder)


def test_half_a_file_is_told_so(folder: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.argosmodel"
    half.write_bytes(IT_EN.read_bytes()[:150_000])

    with pytest.raises(NotInstalled, match="no sound zip file"):
        install_file(half, packages_dir=folder)


def test_a_package_with_another_tokenizer_is_told_so(folder: Path, tmp_path: Path) -> None:
    file = with_metadata(IT_EN, tmp_path / "bpe.argosmodel", rename=("sentencepiece.model", "bpe.model"))

    with pytest.raises(NotInstalled, match=r"bpe\.model"):
        install_file(file, packages_dir=folder)


def test_two_installations_do_not_run_at_once(folder: Path) -> None:
    with (
        packages.one_at_a_time(folder),
        pytest.raises(NotInstalled, match="Another installation"),
        packages.one_at_a_time(folder),
    ):
        pass


def command(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "translations.packages", "--dir", str(folder), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_command_installs_from_the_index_of_the_environment_and_lists(
    mirror: Mirror, folder: Path
) -> None:
    done = command("install", "uk", folder=folder, ARGOS_PACKAGE_INDEX=mirror.url)
    assert (done.returncode, done.stderr) == (0, "")

    listed = command("list", folder=folder)
    assert "it -> en  0.1" in listed.stdout
    assert listed.stdout.strip().endswith(f"4 packages in {folder}")


def test_the_command_installs_files_and_says_in_a_sentence_what_is_wrong(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "no.argosmodel").write_text("no zip")

    assert command("install-file", str(IT_EN), folder=folder).returncode == 0
    failed = command("install-file", str(tmp_path / "no.argosmodel"), folder=folder)

    assert failed.returncode == 1
    assert failed.stdout.startswith("no.argosmodel was not installed: it is no sound zip file")
    assert failed.stderr == ""


def with_metadata(
    package: Path, copy: Path, *, rename: tuple[str, str] | None = None, **changes: str
) -> Path:
    """Write a copy of a package with other metadata or another name for a file."""
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("metadata.json"):
                data = json.dumps({**json.loads(data), **changes}).encode()
            new.writestr(name.replace(*rename) if rename else name, data)
    return copy
