"""Thousands of pairs at once: columns of numbers, and the ranking of those that fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backoffice.matching.scores import Fit

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Column = Numbers | float

NAN = float("nan")


def ranked(ids: Sequence[str], rows: Rows, scores: Numbers) -> list[Fit]:
    """Return some rows as those that fit, the best first; equals as the rows lie."""
    order = np.argsort(-scores, kind="stable")
    return [
        Fit(ids[row], score) for row, score in zip(rows[order].tolist(), scores[order].tolist(), strict=True)
    ]


def transposed(rows: Sequence[tuple[float, ...]], width: int) -> Numbers:
    """Return rows of so many numbers as columns."""
    return np.ascontiguousarray(np.array(rows, dtype=np.float64).reshape(len(rows), width).T)


def all_within(value: Column) -> Column:
    """Return values held between 0 and 1; what is not known stays so."""
    return np.minimum(np.maximum(value, 0.0), 1.0)  # NaN stays NaN
