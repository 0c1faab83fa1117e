"""The linear model of intents: one over all languages. Fitted with scikit-learn, run with numpy alone.

Stored as arrays (`intents.npz`, read without pickles) and JSON: a model file that can hold code would reopen
CVE-2024-49375.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nlu.components.views import counts, views

_ARRAYS: Final = "intents.npz"
_WORDS: Final = "intents.json"
_RAREST: Final = 2
"""A feature seen in fewer examples than this says nothing about others."""
_STRENGTH: Final = 0.3
_HELD_OUT: Final = 0.25
_SEED: Final = 20261123

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class IntentModel:
    """Weights of every feature for every intent, and the temperature that makes confidences honest."""

    labels: tuple[str, ...]
    vocabulary: dict[str, dict[str, int]]
    rarity: Floats
    weights: npt.NDArray[np.float16]
    bias: Floats
    temperature: float

    def probabilities(self, message: str) -> Floats:
        """Return the probability of each label; they add up to 1."""
        return _softmax(self.scores(message) / self.temperature)

    def scores(self, message: str) -> Floats:
        """Return the margin of each label."""
        columns, values = _row(message, self.vocabulary, self.rarity)
        scores: Floats = values @ self.weights[columns].astype(np.float32) + self.bias
        return scores

    def knows_a_word(self, message: str) -> bool:
        """Tell whether one word at least of a message was in the examples."""
        return any(word in self.vocabulary["words"] for word in views(message)["words"])

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        np.savez_compressed(folder / _ARRAYS, rarity=self.rarity, weights=self.weights, bias=self.bias)
        words = {view: list(names) for view, names in self.vocabulary.items()}
        stored = {"labels": self.labels, "temperature": self.temperature, "vocabulary": words}
        (folder / _WORDS).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read a model that `save` wrote."""
        stored = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        vocabulary: dict[str, dict[str, int]] = {}
        column = 0
        for view, names in stored["vocabulary"].items():
            vocabulary[view] = dict(zip(names, range(column, column + len(names)), strict=True))
            column += len(names)
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(
                labels=tuple(stored["labels"]),
                vocabulary=vocabulary,
                rarity=arrays["rarity"],
                weights=arrays["weights"],
                bias=arrays["bias"],
                temperature=float(stored["temperature"]),
            )


def fit(messages: Sequence[str], intents: Sequence[str]) -> IntentModel:
    """Learn the intents of messages; every intent needs two examples at least."""
    vocabulary, rarity = _vocabulary(messages)
    rows = _matrix(messages, vocabulary, rarity)
    labels = tuple(sorted(set(intents)))
    truth = np.array([labels.index(intent) for intent in intents])
    weights, bias = _fit_linear(rows, truth, len(labels))
    return IntentModel(
        labels=labels,
        vocabulary=vocabulary,
        rarity=rarity,
        weights=weights.astype(np.float16),
        bias=bias,
        temperature=_fit_temperature(rows, truth, len(labels)),
    )


def _vocabulary(messages: Sequence[str]) -> tuple[dict[str, dict[str, int]], Floats]:
    seen: dict[str, dict[str, int]] = {}
    for message in messages:
        for view, names in views(message).items():
            table = seen.setdefault(view, {})
            for name in set(names):
                table[name] = table.get(name, 0) + 1
    vocabulary: dict[str, dict[str, int]] = {}
    rarity: list[float] = []
    for view, table in seen.items():
        kept = sorted(name for name, examples in table.items() if examples >= min(_RAREST, len(messages)))
        vocabulary[view] = dict(zip(kept, range(len(rarity), len(rarity) + len(kept)), strict=True))
        rarity.extend(np.log((1 + len(messages)) / (1 + table[name])) + 1 for name in kept)
    return vocabulary, np.array(rarity, dtype=np.float32)


def _row(
    message: str, vocabulary: dict[str, dict[str, int]], rarity: Floats
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return columns and TF-IDF values, each view of length 1."""
    all_columns: list[npt.NDArray[np.int64]] = []
    all_values: list[Floats] = []
    for view, counted in counts(views(message)):
        table = vocabulary[view]
        known = [(table[name], count) for name, count in counted.items() if name in table]
        if not known:
            continue
        columns, frequencies = (np.array(column) for column in zip(*known, strict=True))
        values = ((1 + np.log(frequencies)) * rarity[columns]).astype(np.float32)
        all_columns.append(columns)
        all_values.append(values / np.linalg.norm(values))
    if not all_columns:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    return np.concatenate(all_columns), np.concatenate(all_values)


def _matrix(messages: Sequence[str], vocabulary: dict[str, dict[str, int]], rarity: Floats) -> Any:
    from scipy.sparse import csr_matrix

    columns, values, ends = [], [], [0]
    for message in messages:
        row_columns, row_values = _row(message, vocabulary, rarity)
        columns.append(row_columns)
        values.append(row_values)
        ends.append(ends[-1] + len(row_columns))
    shape = (len(messages), len(rarity))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)


def _fit_linear(rows: Any, truth: npt.NDArray[np.int64], labels: int) -> tuple[Floats, Floats]:
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=_STRENGTH, class_weight="balanced", random_state=_SEED)
    machine.fit(rows, truth)
    weights = np.full((rows.shape[1], labels), 0, dtype=np.float32)
    bias = np.full(labels, -1, dtype=np.float32)
    # Of two labels scikit-learn stores one column: the second's.
    columns = machine.coef_ if len(machine.classes_) > 2 else np.vstack([-machine.coef_, machine.coef_])
    offsets = (
        machine.intercept_
        if len(machine.classes_) > 2
        else np.array([-machine.intercept_[0], machine.intercept_[0]])
    )
    weights[:, machine.classes_] = columns.T
    bias[machine.classes_] = offsets
    return weights, bias


def _fit_temperature(rows: Any, truth: npt.NDArray[np.int64], labels: int) -> float:
    """Find the temperature under which messages not learnt from (one in four) are the least surprising."""
    held_out = np.random.default_rng(_SEED).random(len(truth)) < _HELD_OUT
    if len(set(truth[~held_out])) < 2 or not held_out.any():
        return 1.0
    weights, bias = _fit_linear(rows[~held_out], truth[~held_out], labels)
    margins, meant = rows[held_out] @ weights + bias, truth[held_out]
    candidates = np.geomspace(0.05, 2, 60)
    surprise = [
        -np.log(_softmax(margins / t)[np.arange(len(meant)), meant] + 1e-9).mean() for t in candidates
    ]
    return float(candidates[int(np.argmin(surprise))])


def _softmax(scores: Any) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities
