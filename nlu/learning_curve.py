"""How the understanding grows with the data: trained on a tenth, a quarter, half and all of the examples."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from nlu.components.augmentation import Example, augmented
from nlu.components.linear_model import LinearModel, fit
from nlu.components.understanding import Thresholds, understand
from nlu.judgement import accuracy, judge_line, macro_f1
from nlu.training_lines import languages, read_lines

_SHARES: Final = (0.1, 0.25, 0.5, 0.75, 1.0)
_SEED: Final = 20261123
_TODAY: Final = date(2026, 11, 23)


def learning_curve(lines: Sequence[dict[str, Any]], thresholds: Thresholds) -> Iterator[str]:
    """Train on growing parts of the data and yield a line for each as soon as it is measured."""
    examples = read_examples()
    random.Random(_SEED).shuffle(examples)  # noqa: S311  # not for secrets
    yield "examples  share  accuracy  macro F1  training"
    for part in _SHARES:
        some = examples[: int(len(examples) * part)]
        started = time.perf_counter()
        model = fit_examples(some)
        seconds = time.perf_counter() - started
        judged = [
            judge_line(line, understand(line["text"], model, today=_TODAY, thresholds=thresholds), 0.0)
            for line in lines
        ]
        yield (
            f"{len(some):>8}{part:>7.0%}{accuracy(judged):>10.3f}{macro_f1(judged):>10.3f}{seconds:>8.0f} s"
        )


def read_examples() -> list[Example]:
    """Return every line of the training data as training takes it, without those made from others."""
    return [
        Example(line.text, line.intent, language, frozenset(name for name, _ in line.entities))
        for language in languages()
        for line in read_lines(language)
    ]


def fit_examples(examples: Sequence[Example]) -> LinearModel:
    """Learn from examples as the component does."""
    made = augmented(examples)
    return fit([each.text for each in made], [each.intent for each in made], [each.language for each in made])
