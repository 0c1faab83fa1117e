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

from nlu.components.features import Features, Floats, Vocabulary
from nlu.components.wording import tokens

ARRAYS: Final = "model.npz"
WORDS: Final = "model.json"
_STRENGTH: Final = 0.3
_HELD_OUT: Final = 0.25
_SEED: Final = 20261123


@dataclass(frozen=True)
class Head:
    """One question to a message: its possible answers, and an honest temperature."""

    labels: tuple[str, ...]
    temperature: float

    def probabilities(self, scores: Floats) -> Floats:
        """Return the probability of each label from its score; they add up to 1."""
        return _softmax(scores / self.temperature)


@dataclass(frozen=True)
class LinearModel:
    """The features that were learnt, and what they say about intent and language.

    `weights` has a row for each feature and a column for each intent, then for each language: a message's
    rows lie far apart in memory, and are fetched once for both questions.
    """

    features: Features
    weights: Floats
    bias: Floats
    intents: Head
    languages: Head

    def read(self, message: str) -> tuple[Floats, Floats]:
        """Return the probabilities of the intents and of the languages, in the order of their labels."""
        columns, values = self.features.row(_words(message))
        scores = values @ self.weights[columns] + self.bias
        of_intents, of_languages = np.split(scores, [len(self.intents.labels)])
        return self.intents.probabilities(of_intents), self.languages.probabilities(of_languages)

    def knows_a_word(self, message: str) -> bool:
        """Tell whether one word at least of a message was in the examples."""
        return self.features.has_one_of(_words(message))

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        np.savez_compressed(
            folder / ARRAYS,
            rarity=self.features.rarity,
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )
        heads = {
            name: {"labels": head.labels, "temperature": head.temperature}
            for name, head in (("intents", self.intents), ("languages", self.languages))
        }
        vocabulary = {view: list(names) for view, names in self.features.vocabulary.items()}
        stored = {**heads, "vocabulary": vocabulary}
        (folder / WORDS).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a model that `save` wrote."""
        stored = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        vocabulary: Vocabulary = {}
        column = 0
        for view, names in stored["vocabulary"].items():
            vocabulary[view] = dict(zip(names, range(column, column + len(names)), strict=True))
            column += len(names)
        intents, languages = (
            Head(tuple(stored[name]["labels"]), float(stored[name]["temperature"]))
            for name in ("intents", "languages")
        )
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            features = Features(vocabulary, arrays["rarity"])
            return cls(features, arrays["weights"].astype(np.float32), arrays["bias"], intents, languages)


def fit(messages: Sequence[str], intents: Sequence[str], languages: Sequence[str]) -> LinearModel:
    """Learn the intents and languages of messages; every label needs two examples at least."""
    examples = [_words(message) for message in messages]
    features = Features.learn(examples)
    rows = _matrix(examples, features)
    # Four independent problems; scikit-learn gives up the interpreter's lock while it solves one.
    with ThreadPoolExecutor(max_workers=2) as pool:
        of_intents, of_languages = (_fit_head(pool, rows, said) for said in (intents, languages))
        (intent, intent_weights, intent_bias), (language, *of_language) = of_intents(), of_languages()
    # As coarse as they are stored, so that a model reads the same before and after.
    weights = np.hstack([intent_weights, of_language[0]]).astype(np.float16).astype(np.float32)
    return LinearModel(features, weights, np.hstack([intent_bias, of_language[1]]), intent, language)


def _words(message: str) -> list[str]:
    return [token.text for token in tokens(message)]


def _fit_head(
    pool: ThreadPoolExecutor, rows: Any, said: Sequence[str]
) -> Callable[[], tuple[Head, Floats, Floats]]:
    labels = tuple(sorted(set(said)))
    places = {label: place for place, label in enumerate(labels)}
    truth = np.array([places[label] for label in said])
    linear = pool.submit(_fit_linear, rows, truth, len(labels))
    temperature = pool.submit(_fit_temperature, rows, truth, len(labels))

    def finished() -> tuple[Head, Floats, Floats]:
        weights, bias = linear.result()
        return Head(labels, temperature.result()), weights, bias

    return finished


def _matrix(examples: Sequence[Sequence[str]], features: Features) -> Any:
    from scipy.sparse import csr_matrix

    columns, values, ends = [], [], [0]
    for words in examples:
        row_columns, row_values = features.row(words)
        columns.append(row_columns)
        values.append(row_values)
        ends.append(ends[-1] + len(row_columns))
    shape = (len(examples), len(features.rarity))
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
