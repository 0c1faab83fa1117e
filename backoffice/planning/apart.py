"""Deciding a release in a process of its own: it takes minutes of a core, and people are answered meanwhile.

`python -m backoffice.planning.apart` reads a `Prepared` and writes what `decide` comes to. It ends with who
called it.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from pathlib import Path

from backoffice.disclosure.protect import NothingLeftToHide
from backoffice.planning.service import Prepared
from backoffice.planning.told import Told

_ROOT = Path(__file__).parents[2]
_KINDNESS = 15
"""What is asked of the machine beside everything else gets what is left of it."""


class NotDecided(RuntimeError):
    """The process ended without an answer; its own words are in the log."""


async def decide_apart(prepared: Prepared) -> Told:
    """Decide what may be told, elsewhere; who stops waiting ends it.

    Raises:
        NothingLeftToHide: the release before was not made here.
        NotDecided: the process ended by itself.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "backoffice.planning.apart"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=_ROOT,
    )
    try:
        answer, _ = await process.communicate(pickle.dumps(prepared))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotDecided(process.returncode)
    result = pickle.loads(answer)  # noqa: S301  (our own process wrote it)
    if isinstance(result, NothingLeftToHide):
        raise result
    assert isinstance(result, Told)
    return result


def main() -> None:
    """Decide what comes in, and write the answer."""
    os.nice(_KINDNESS)
    prepared = pickle.load(sys.stdin.buffer)  # noqa: S301  (our own process wrote it)
    result: Told | NothingLeftToHide
    try:
        result = prepared.decide()
    except NothingLeftToHide as problem:
        result = problem
    sys.stdout.buffer.write(pickle.dumps(result))


if __name__ == "__main__":
    main()
