"""The linear model of messages: what they want and which language they are in, one model over all languages.

Fitted with scikit-learn, run with numpy alone. Stored as arrays (`model.npz`, read without pickles) and JSON:
a model file that can hold code would reopen CVE-2024-49375.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nlu.components.views import counts, views

ARRAYS: Final = "model.npz"
WORDS: Final = "model.json"
_RAREST: Final = 2
"""A feature seen in fewer examples than this says nothing about others."""
_STRENGTH: Final = 0.3
_HELD_OUT: Final = 0.25
_SEED: Final = 20261123

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.int64]
Counts = dict[str, dict[str, int]]
"""How often each feature of each view occurs in a message."""


@dataclass(frozen=True)
class Head:
    """One question to a message: weights of every feature for every label, and an honest temperature."""

    labels: tuple[str, ...]
    weights: npt.NDArray[np.float16]
    bias: Floats
    temperature: float

    def probabilities(self, columns: Columns, values: Floats) -> Floats:
        """Return the probability of each label for a row of features; they add up to 1."""
        scores = values @ self.weights[columns].astype(np.float32) + self.bias
        return _softmax(scores / self.temperature)


@dataclass(frozen=True)
class LinearModel:
    """The features that were learnt, and what they say about intent and language."""

    vocabulary: dict[str, dict[str, int]]
    rarity: Floats
    intents: Head
    languages: Head

    def read(self, message: str) -> tuple[Floats, Floats]:
        """Return the probabilities of the intents and of the languages, in the order of their labels."""
        columns, values = _row(dict(counts(views(message))), self.vocabulary, self.rarity)
        return self.intents.probabilities(columns, values), self.languages.probabilities(columns, values)

    def knows_a_word(self, message: str) -> bool:
        """Tell whether one word at least of a message was in the examples."""
        return any(word in self.vocabulary["words"] for word in views(message)["words"])

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        np.savez_compressed(
            folder / ARRAYS,
            rarity=self.rarity,
            **{f"{name}_weights": head.weights for name, head in self._heads()},
            **{f"{name}_bias": head.bias for name, head in self._heads()},
        )
        heads = {
            name: {"labels": head.labels, "temperature": head.temperature} for name, head in self._heads()
        }
        vocabulary = {view: list(names) for view, names in self.vocabulary.items()}
        stored = {**heads, "vocabulary": vocabulary}
        (folder / WORDS).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a model that `save` wrote."""
        stored = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        vocabulary: dict[str, dict[str, int]] = {}
        column = 0
        for view, names in stored["vocabulary"].items():
            vocabulary[view] = dict(zip(names, range(column, column + len(names)), strict=True))
            column += len(names)
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            intents, languages = (
                Head(
                    tuple(stored[name]["labels"]),
                    arrays[f"{name}_weights"],
                    arrays[f"{name}_bias"],
                    float(stored[name]["temperature"]),
                )
                for name in ("intents", "languages")
            )
            return cls(vocabulary, arrays["rarity"], intents, languages)

    def _heads(self) -> tuple[tuple[str, Head], tuple[str, Head]]:
        return ("intents", self.intents), ("languages", self.languages)


def fit(messages: Sequence[str], intents: Sequence[str], languages: Sequence[str]) -> LinearModel:
    """Learn the intents and languages of messages; every label needs two examples at least."""
    counted = [dict(counts(views(message))) for message in messages]
    vocabulary, rarity = _vocabulary(counted)
    rows = _matrix(counted, vocabulary, rarity)
    # Four independent problems; scikit-learn gives up the interpreter's lock while it solves one.
    with ThreadPoolExecutor(max_workers=2) as pool:
        heads = [_fit_head(pool, rows, said) for said in (intents, languages)]
        return LinearModel(vocabulary, rarity, heads[0](), heads[1]())


def _fit_head(pool: ThreadPoolExecutor, rows: Any, said: Sequence[str]) -> Callable[[], Head]:
    labels = tuple(sorted(set(said)))
    places = {label: place for place, label in enumerate(labels)}
    truth = np.array([places[label] for label in said])
    linear = pool.submit(_fit_linear, rows, truth, len(labels))
    temperature = pool.submit(_fit_temperature, rows, truth, len(labels))

    def finished() -> Head:
        weights, bias = linear.result()
        return Head(labels, weights.astype(np.float16), bias, temperature.result())

    return finished


def _vocabulary(counted: Sequence[Counts]) -> tuple[dict[str, dict[str, int]], Floats]:
    seen: dict[str, dict[str, int]] = {}
    for message in counted:
        for view, names in message.items():
            table = seen.setdefault(view, {})
            for name in names:
                table[name] = table.get(name, 0) + 1
    vocabulary: dict[str, dict[str, int]] = {}
    rarity: list[float] = []
    for view, table in seen.items():
        kept = sorted(name for name, examples in table.items() if examples >= min(_RAREST, len(counted)))
        vocabulary[view] = dict(zip(kept, range(len(rarity), len(rarity) + len(kept)), strict=True))
        rarity.extend(np.log((1 + len(counted)) / (1 + table[name])) + 1 for name in kept)
    return vocabulary, np.array(rarity, dtype=np.float32)


def _row(counted: Counts, vocabulary: dict[str, dict[str, int]], rarity: Floats) -> tuple[Columns, Floats]:
    """Return columns and TF-IDF values, each view of length 1."""
    all_columns: list[Columns] = []
    all_values: list[Floats] = []
    for view, features in counted.items():
        table = vocabulary[view]
        known = [(table[name], count) for name, count in features.items() if name in table]
        if not known:
            continue
        columns, frequencies = (np.array(column) for column in zip(*known, strict=True))
        values = ((1 + np.log(frequencies)) * rarity[columns]).astype(np.float32)
        all_columns.append(columns)
        all_values.append(values / np.linalg.norm(values))
    if not all_columns:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    return np.concatenate(all_columns), np.concatenate(all_values)


def _matrix(counted: Sequence[Counts], vocabulary: dict[str, dict[str, int]], rarity: Floats) -> Any:
    from scipy.sparse import csr_matrix

    columns, values, ends = [], [], [0]
    for message in counted:
        row_columns, row_values = _row(message, vocabulary, rarity)
        columns.append(row_columns)
        values.append(row_values)
        ends.append(ends[-1] + len(row_columns))
    shape = (len(counted), len(rarity))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)


def _fit_linear(rows: Any, truth: npt.NDArray[np.int64], labels: int) -> tuple[Floats, Floats]:
    from sklearn.svm import LinearSVC

    if labels == 1:
        return np.zeros((rows.shape[1], 1), dtype=np.float32), np.zeros(1, dtype=np.float32)
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
