from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from translations.engine import (
    EngineBusy,
    EngineOff,
    EngineUnreachable,
    MissingPackages,
    TextTooLong,
    TookTooLong,
)
from translations.guards import Flag
from translations.worker import ArgosSetup, LibreTranslateSetup, NoSetup, TranslationWorker

ROOT = Path(__file__).resolve().parents[2]


def new_worker(packages_dir: Path, data_dir: Path, **options: float) -> TranslationWorker:
    return TranslationWorker(ArgosSetup(packages_dir=packages_dir, data_dir=data_dir), **options)  # type: ignore[arg-type]


async def test_a_text_is_translated_in_another_process(worker: TranslationWorker) -> None:
    assert worker.process_id() is None

    translated = await worker.translate("Mi chiamo Olena.", "it", "uk", names=["Olena"])

    assert translated.text == "Мене звати Olena."
    assert worker.process_id() not in (None, os.getpid())


def test_a_thread_may_ask_too(worker: TranslationWorker) -> None:
    assert worker.translate_now("Grazie.", "it", "uk").text == "Дякую."


async def test_a_text_that_needs_no_model_starts_no_process(worker: TranslationWorker) -> None:
    assert (await worker.translate("112", "it", "uk")).text == "112"
    assert worker.process_id() is None


async def test_facts_of_an_error_arrive_with_it(worker: TranslationWorker) -> None:
    with pytest.raises(MissingPackages) as caught:
        await worker.translate("Bonjour", "fr", "it")
    assert caught.value.pairs == (("fr", "en"),)

    with pytest.raises(TextTooLong, match="5000"):
        await worker.translate("a" * 5000, "it", "uk")


async def test_flags_arrive_with_a_translation(bad_packages_dir: Path, argos_data_dir: Path) -> None:
    worker = new_worker(bad_packages_dir, argos_data_dir)
    try:
        translated = await worker.translate("Say nothing.", "en", "fr")
    finally:
        worker.close()

    assert translated.flags == (Flag.EMPTY,)


async def test_a_killed_process_is_started_again(worker: TranslationWorker) -> None:
    await worker.translate("Grazie.", "it", "uk")
    first = worker.process_id()
    assert first is not None
    os.kill(first, signal.SIGKILL)

    assert (await worker.translate("Grazie.", "it", "uk")).text == "Дякую."
    assert worker.process_id() != first


async def test_a_process_killed_in_the_middle_of_a_text_loses_none(worker: TranslationWorker) -> None:
    await worker.translate("Grazie.", "it", "uk")
    first = worker.process_id()
    assert first is not None
    os.kill(first, signal.SIGSTOP)  # so that it certainly has the texts and has not answered
    waiting = [
        asyncio.create_task(worker.translate(text, "it", "en")) for text in ("Sì.", "Grazie.", "Ciao!")
    ]
    await asyncio.sleep(0)
    os.kill(first, signal.SIGKILL)

    answers = [translated.text for translated in await asyncio.gather(*waiting)]

    assert answers == ["Yes.", "Thank you.", "Hello!"]


async def test_a_process_that_hangs_is_stopped_and_nothing_else_waits_for_it(
    packages_dir: Path, argos_data_dir: Path
) -> None:
    worker = new_worker(packages_dir, argos_data_dir, timeout=1.0)
    try:
        first = await started(worker)
        os.kill(first, signal.SIGSTOP)
        hanging = asyncio.create_task(worker.translate("Grazie.", "it", "uk"))
        turns = 0
        while not hanging.done():
            await asyncio.sleep(0.01)
            turns += 1

        with pytest.raises(TookTooLong, match="1 seconds"):
            await hanging
        assert turns > 10
        assert not psutil.pid_exists(first)
        await started(worker)
    finally:
        worker.close()


async def started(worker: TranslationWorker) -> int:
    """Return the id of a process that answers; a busy machine may need more than one try within the limit."""
    while True:
        try:
            await worker.translate("Grazie.", "it", "uk")
        except TookTooLong:
            continue
        found = worker.process_id()
        assert found is not None
        return found


async def test_a_flood_is_refused_and_what_waits_is_served(packages_dir: Path, argos_data_dir: Path) -> None:
    worker = TranslationWorker(
        ArgosSetup(packages_dir=packages_dir, data_dir=argos_data_dir), timeout=60, most_waiting=2
    )
    try:
        waiting = [asyncio.create_task(worker.translate("Grazie.", "it", "uk")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(EngineBusy):
            await worker.translate("Grazie.", "it", "uk")

        assert [translated.text for translated in await asyncio.gather(*waiting)] == ["Дякую."] * 2
        assert (await worker.translate("Grazie.", "it", "uk")).text == "Дякую."
    finally:
        worker.close()


async def test_closing_ends_the_process(packages_dir: Path, argos_data_dir: Path) -> None:
    worker = new_worker(packages_dir, argos_data_dir, timeout=60)
    await worker.translate("Grazie.", "it", "uk")
    child = worker.process_id()
    assert child is not None

    worker.close()

    assert not psutil.pid_exists(child)


def test_the_process_never_outlives_its_server(packages_dir: Path, argos_data_dir: Path) -> None:
    program = f"""
import sys, time
from pathlib import Path
from translations.worker import ArgosSetup, TranslationWorker
setup = ArgosSetup(packages_dir=Path({str(packages_dir)!r}), data_dir=Path({str(argos_data_dir)!r}))
worker = TranslationWorker(setup)
worker.translate_now("Grazie.", "it", "uk")
print(worker.process_id(), flush=True)
time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        child = psutil.Process(int(server.stdout.readline()))
        server.kill()

    # Nobody waits for an orphan here: it is gone, or a zombie that no init has collected.
    psutil.wait_procs([child], timeout=30)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


async def test_other_setups_run_in_the_same_way() -> None:
    off = TranslationWorker(NoSetup())
    with pytest.raises(EngineOff):
        await off.translate("Ciao", "it", "uk")
    off.close()

    unreachable = TranslationWorker(LibreTranslateSetup("http://127.0.0.1:9", timeout=5), timeout=60)
    try:
        with pytest.raises(EngineUnreachable, match="does not answer"):
            await unreachable.translate("Ciao", "it", "uk")
    finally:
        unreachable.close()
