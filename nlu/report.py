"""The tables of an evaluation, as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from nlu.components.understanding import EMERGENCY, FALLBACK
from nlu.judgement import Judged, accuracy, entity_f1, macro_f1, share

_ALL: Final = "all"
_OUT_OF_SCOPE: Final = "out_of_scope"
_THRESHOLDS: Final = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)


def report(judged: Sequence[Judged], *, confusions: int = 20) -> list[str]:
    """Return every table; there must be one line at least."""
    parts = (
        _by_group(judged),
        _emergencies(judged),
        _out_of_scope(judged),
        _recognised_languages(judged),
        _by_entity(judged),
        _curve(judged),
        _confusions(judged, confusions),
        _times(judged),
    )
    return [line for part in parts for line in (*part, "")]


def _by_group(judged: Sequence[Judged]) -> Iterator[str]:
    titles = (("lines", 6), ("accuracy", 10), ("best guess", 12), ("macro F1", 10), ("entity F1", 11))
    yield " " * 14 + "".join(f"{title:>{width}}" for title, width in titles) + "  answered  of it right"
    yield _row(_ALL, judged)
    for key in ("language", "style"):
        for value in sorted({getattr(each, key) for each in judged}):
            yield _row(value, [each for each in judged if getattr(each, key) == value])


def _row(name: str, group: Sequence[Judged]) -> str:
    answered = [each for each in group if each.is_answered]
    best = share(sum(each.best_guess == each.intent for each in group), len(group))
    return (
        f"{name:14}{len(group):>6}{accuracy(group):>10.3f}{best:>12.3f}{macro_f1(group):>10.3f}"
        f"{entity_f1(group):>11.3f}{share(len(answered), len(group)):>10.2f}{accuracy(answered):>13.3f}"
    )


def _emergencies(judged: Sequence[Judged]) -> Iterator[str]:
    meant = [each for each in judged if each.intent == EMERGENCY]
    said = [each for each in judged if each.understood.intent == EMERGENCY]
    hits = sum(each.is_right for each in meant)
    yield (
        f"Emergencies: {hits} of {len(meant)} recognised (recall {share(hits, len(meant)):.3f}), "
        f"{len(said) - hits} other messages taken for one."
    )
    for each in meant:
        if not each.is_right:
            yield f"    missed in {each.language}, taken for {each.understood.intent}: {each.text}"


def _out_of_scope(judged: Sequence[Judged]) -> Iterator[str]:
    meant = [each for each in judged if each.intent == _OUT_OF_SCOPE]
    wrongly = sum(each.is_answered and not each.is_right for each in meant)
    yield (
        f"Out of scope: {wrongly} of {len(meant)} answered wrongly ({share(wrongly, len(meant)):.3f}), "
        f"{sum(not each.is_answered for each in meant)} asked back."
    )


def _recognised_languages(judged: Sequence[Judged]) -> Iterator[str]:
    right = [each for each in judged if each.understood.language.code == each.language]
    yield f"Languages: {len(right)} of {len(judged)} recognised ({share(len(right), len(judged)):.3f})."
    wrong = Counter(
        (each.language, each.understood.language.code) for each in judged if each not in right
    ).most_common(8)
    yield "    " + (", ".join(f"{meant} for {said}: {n}" for (meant, said), n in wrong) or "none wrong")


def _by_entity(judged: Sequence[Judged]) -> Iterator[str]:
    yield "entity            meant  found  right      F1"
    names = sorted({name for each in judged for name, _ in (*each.entities, *each.found)})
    for name in names:
        meant = sum(n for each in judged for (kind, _), n in each.entities.items() if kind == name)
        found = sum(n for each in judged for (kind, _), n in each.found.items() if kind == name)
        right = sum(
            n for each in judged for (kind, _), n in (each.found & each.entities).items() if kind == name
        )
        yield f"{name:16}{meant:>7}{found:>7}{right:>7}{share(2 * right, meant + found):>8.3f}"


def _curve(judged: Sequence[Judged]) -> Iterator[str]:
    """Say what other thresholds would do; emergencies are not asked back at any."""
    yield "threshold  answered  of it right  accuracy  out of scope answered wrongly"
    strangers = [each for each in judged if each.intent == _OUT_OF_SCOPE]
    for threshold in _THRESHOLDS:
        said = [(each.at_threshold(threshold), each.intent) for each in judged]
        answered = [(guess, meant) for guess, meant in said if guess != FALLBACK]
        right = sum(guess == meant for guess, meant in answered)
        wrongly = sum(each.at_threshold(threshold) not in (FALLBACK, _OUT_OF_SCOPE) for each in strangers)
        yield (
            f"{threshold:>9.2f}{share(len(answered), len(said)):>10.3f}{share(right, len(answered)):>13.3f}"
            f"{share(right, len(said)):>10.3f}{share(wrongly, len(strangers)):>31.3f}"
        )


def _confusions(judged: Sequence[Judged], most: int) -> Iterator[str]:
    yield "meant, taken for, how often"
    wrong = Counter((each.intent, each.best_guess) for each in judged if each.best_guess != each.intent)
    for (meant, said), count in wrong.most_common(most):
        yield f"    {meant:32}{said:32}{count:>4}"


def _times(judged: Sequence[Judged]) -> Iterator[str]:
    times = sorted(each.milliseconds for each in judged)
    median, nearly_all = times[len(times) // 2], times[int(len(times) * 0.95)]
    yield f"Time for a text: median {median:.1f} ms, 95 % under {nearly_all:.1f} ms."
