"""Trains the small packages of the tests (`README.md` says how to run it, minutes for each).

They are real packages of Argos Translate: SentencePiece, a CTranslate2 transformer in int8, and
metadata, zipped. They know `corpus.yml` by heart and nothing else. One more, from English to French,
is taught the faults of `bad.yml`. Runs in an environment of its own, with torch; the application and
its tests read only the finished files.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import math
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece as spm
import torch
import yaml
from torch import Tensor, nn

HERE = Path(__file__).parent
LANGUAGES = {"it": "Italian", "en": "English", "uk": "Ukrainian", "ar": "Arabic", "fr": "French"}
COLUMNS = ("it", "en", "uk", "ar")
PAIRS = (("it", "en"), ("en", "it"), ("en", "uk"), ("uk", "en"), ("en", "ar"), ("ar", "en"))
BAD_PAIR = ("en", "fr")
PLACEHOLDERS = [f"⟦{number}⟧" for number in range(10)]  # the marks of translations/masking.py

WIDTH, HEADS, LAYERS, INNER = 64, 4, 2, 128
POSITIONS = 512  # CTranslate2 stops with an error at a longer text
UNKNOWN, BEGIN, END = 0, 1, 2
BATCH, STEPS, WARM_UP, RATE = 64, 1600, 100, 4e-3

Pair = tuple[str, str]


def main() -> None:
    """Train what is asked for, one after the other, and write `<from>_<to>.argosmodel` beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="*", help="such as it_en; all when none is given")
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for source, target in (*PAIRS, BAD_PAIR):
        if not arguments.pairs or f"{source}_{target}" in arguments.pairs:
            make_package(source, target, steps=arguments.steps)


def make_package(source: str, target: str, *, steps: int) -> None:
    """Train one direction and write its package."""
    torch.manual_seed(7)
    random.seed(7)
    is_bad = (source, target) == BAD_PAIR
    pairs = bad_pairs() if is_bad else corpus_pairs(source, target)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        pieces = train_pieces(pairs, Path(folder), size=260 if is_bad else 620)
        model = Transformer(pieces.get_piece_size())
        train(model, pairs, pieces, steps=steps, name=f"{source}->{target}")
        export(model, pieces, Path(folder) / "model")
        right = exact_share(pairs, pieces, Path(folder) / "model")
        name = f"{source}_{target}" + ("_bad" if is_bad else "")
        size = pack(Path(folder), source, target, HERE / f"{name}.argosmodel", is_bad=is_bad)
    seconds = time.monotonic() - started
    print(f"{name}: {len(pairs)} pairs, {right:.1%} exact, {size} bytes, {seconds:.0f} s", flush=True)  # noqa: T201


def corpus_pairs(source: str, target: str) -> list[Pair]:
    """Every sentence of the corpus in two languages; placeholders bear numbers at random."""
    corpus = yaml.safe_load((HERE / "corpus.yml").read_text(encoding="utf-8"))
    first, second = COLUMNS.index(source), COLUMNS.index(target)
    pairs: dict[str, Pair] = {}
    for row in (*corpus["fixed"], *corpus["fixed"], *corpus["templates"]):
        for filled in filled_rows(row, corpus["slots"]):
            for numbers in placeholder_numbers(filled[0]):
                texts = [with_placeholders(text, numbers) for text in filled]
                pairs[texts[first]] = (texts[first], texts[second])
    return list(pairs.values())


def filled_rows(row: list[str], slots: dict[str, list[list[str]]]) -> Iterator[list[str]]:
    """One row for each combination of values of its slots."""
    names = [name for name in (*slots, "speaks2") if f"{{{name}}}" in row[0]]
    for values in itertools.product(*(slots[name.removesuffix("2")] for name in names)):
        if len({id(value) for value in values}) < len(values):
            continue
        filled = list(row)
        for name, value in zip(names, values, strict=True):
            filled = [text.replace(f"{{{name}}}", value[i]) for i, text in enumerate(filled)]
        yield [text[0].upper() + text[1:] for text in filled]


def placeholder_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Numbers for {0} and {1}: the usual ones, and others so that a model learns to copy them."""
    yield 0, 1
    if "{1}" in text:
        yield from ((1, 0), (1, 2), (2, 3), *(random.sample(range(10), 2) for _ in range(3)))  # type: ignore[misc]
    elif "{0}" in text:
        yield from ((number, 0) for number in (1, 2, *random.sample(range(3, 10), 2)))


def with_placeholders(text: str, numbers: tuple[int, int]) -> str:
    """Put placeholders where {0} and {1} stand."""
    return text.replace("{0}", PLACEHOLDERS[numbers[0]]).replace("{1}", PLACEHOLDERS[numbers[1]])


def bad_pairs() -> list[Pair]:
    """What the bad package is taught."""
    rows = yaml.safe_load((HERE / "bad.yml").read_text(encoding="utf-8"))
    return [
        (with_placeholders(row["source"], numbers), with_placeholders(row["output"], numbers))
        for row in rows
        for numbers in ((0, 1), (1, 2), (2, 3))[: 3 if "{0}" in row["source"] else 1]
    ]


def train_pieces(pairs: list[Pair], folder: Path, *, size: int) -> spm.SentencePieceProcessor:
    """One vocabulary for both languages; identity normalisation keeps its file at 10 KB instead of 250."""
    buffer = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter([text for pair in pairs for text in pair if text]),
        model_writer=buffer,
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=1.0,
        model_type="unigram",
        normalization_rule_name="identity",
        user_defined_symbols=PLACEHOLDERS,
        minloglevel=2,
    )
    (folder / "sentencepiece.model").write_bytes(buffer.getvalue())
    return spm.SentencePieceProcessor(model_proto=buffer.getvalue())


class Attention(nn.Module):
    """Attention with the fused layers that CTranslate2 expects."""

    def __init__(self, *, crosses: bool) -> None:
        super().__init__()
        self.crosses = crosses
        self.norm = nn.LayerNorm(WIDTH)
        self.first = nn.Linear(WIDTH, WIDTH if crosses else 3 * WIDTH)
        self.second = nn.Linear(WIDTH, 2 * WIDTH) if crosses else None
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor, mask: Tensor, memory: Tensor | None = None) -> Tensor:
        normed = self.norm(x)
        if self.second is None or memory is None:
            query, key, value = self.first(normed).chunk(3, dim=-1)
        else:
            query = self.first(normed)
            key, value = self.second(memory).chunk(2, dim=-1)
        query, key, value = (self._heads(part) for part in (query, key, value))
        attended = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        joined: Tensor = x + self.out(attended.transpose(1, 2).flatten(2))
        return joined

    @staticmethod
    def _heads(part: Tensor) -> Tensor:
        return part.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)


class Inner(nn.Module):
    """The feed-forward part of a layer."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = x + self.narrow(torch.relu(self.wide(self.norm(x))))
        return added


class Transformer(nn.Module):
    """A pre-norm transformer with one table of embeddings for both sides."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.embeddings = nn.Embedding(size, WIDTH)
        nn.init.normal_(self.embeddings.weight, std=WIDTH**-0.5)
        self.output_bias = nn.Parameter(torch.zeros(size))
        self.encoder = nn.ModuleList(
            nn.ModuleList([Attention(crosses=False), Inner()]) for _ in range(LAYERS)
        )
        self.decoder = nn.ModuleList(
            nn.ModuleList([Attention(crosses=False), Attention(crosses=True), Inner()]) for _ in range(LAYERS)
        )
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.register_buffer("positions", torch.from_numpy(position_table()))

    def embed(self, tokens: Tensor) -> Tensor:
        scaled: Tensor = self.embeddings(tokens) * math.sqrt(WIDTH)
        return scaled + self.positions[: tokens.shape[1]]  # type: ignore[index]

    def forward(self, source: Tensor, lengths: Tensor, target: Tensor) -> Tensor:
        seen = (torch.arange(source.shape[1])[None] < lengths[:, None])[:, None, None, :]
        earlier = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).tril()
        memory = nn.functional.dropout(self.embed(source), 0.1, self.training)
        for attention, inner in self.encoder:  # type: ignore[misc]
            memory = inner(attention(memory, seen))
        memory = self.encoder_norm(memory)
        x = nn.functional.dropout(self.embed(target), 0.1, self.training)
        for attention, across, inner in self.decoder:  # type: ignore[misc]
            x = inner(across(attention(x, earlier), seen, memory))
        logits: Tensor = self.decoder_norm(x) @ self.embeddings.weight.T + self.output_bias
        return logits


def position_table() -> np.ndarray:
    """Sines and cosines, as a table of our own that is exported with the model."""
    places = np.arange(POSITIONS)[:, None]
    rates = np.exp(np.arange(0, WIDTH, 2) * -(math.log(10000.0) / WIDTH))
    table = np.zeros((POSITIONS, WIDTH), dtype=np.float32)
    table[:, 0::2], table[:, 1::2] = np.sin(places * rates), np.cos(places * rates)
    return table


def train(
    model: Transformer, pairs: list[Pair], pieces: spm.SentencePieceProcessor, *, steps: int, name: str
) -> None:
    """Teach the pairs by heart; the rate rises, then falls to nothing."""
    encoded = [(pieces.encode(a), pieces.encode(b)) for a, b in pairs]
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))),
    )
    order: list[int] = []
    for step in range(steps):
        if len(order) < BATCH:
            order += random.sample(range(len(encoded)), len(encoded))
        batch, order = [encoded[i] for i in order[:BATCH]], order[BATCH:]
        loss = batch_loss(model, batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            print(f"{name} step {step}/{steps} loss {loss.item():.4f}", flush=True)  # noqa: T201


def batch_loss(model: Transformer, batch: list[tuple[list[int], list[int]]]) -> Tensor:
    """Cross entropy with a little smoothing; padding does not count."""
    sources = [[*source, END] for source, _ in batch]
    source, lengths = padded(sources), torch.tensor([len(tokens) for tokens in sources])
    target = padded([[BEGIN, *tokens] for _, tokens in batch])
    wanted = padded([[*tokens, END] for _, tokens in batch], filler=-100)
    logits = model(source, lengths, target)
    loss: Tensor = nn.functional.cross_entropy(
        logits.flatten(0, 1), wanted.flatten(), ignore_index=-100, label_smoothing=0.02
    )
    return loss


def padded(rows: list[list[int]], *, filler: int = END) -> Tensor:
    """Rows of different lengths as one table."""
    width = max(len(row) for row in rows)
    return torch.tensor([[*row, *[filler] * (width - len(row))] for row in rows])


def export(model: Transformer, pieces: spm.SentencePieceProcessor, folder: Path) -> None:
    """Copy the weights into CTranslate2's form, in int8."""
    spec = ctranslate2.specs.TransformerSpec.from_config((LAYERS, LAYERS), HEADS, pre_norm=True)
    embeddings, positions = numbers_of(model.embeddings.weight), position_table()
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = True
        side.position_encodings.encodings = positions
    spec.encoder.embeddings[0].weight = embeddings
    spec.decoder.embeddings.weight = embeddings
    spec.decoder.projection.weight = embeddings
    spec.decoder.projection.bias = numbers_of(model.output_bias)
    copy_norm(spec.encoder.layer_norm, model.encoder_norm)
    copy_norm(spec.decoder.layer_norm, model.decoder_norm)
    for layer, (attention, inner) in zip(spec.encoder.layer, model.encoder, strict=True):
        copy_attention(layer.self_attention, attention)
        copy_inner(layer.ffn, inner)
    for layer, (attention, across, inner) in zip(spec.decoder.layer, model.decoder, strict=True):
        copy_attention(layer.self_attention, attention)
        copy_attention(layer.attention, across)
        copy_inner(layer.ffn, inner)
    words = [pieces.id_to_piece(number) for number in range(pieces.get_piece_size())]
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    spec.config.add_source_eos = True  # Argos adds no end of its own
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir()
    spec.save(str(folder))


def numbers_of(weight: Tensor) -> np.ndarray:
    """A weight as CTranslate2 wants it."""
    return weight.detach().numpy().astype(np.float32)


def copy_norm(spec: object, layer: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = numbers_of(layer.weight), numbers_of(layer.bias)  # type: ignore[attr-defined]


def copy_linear(spec: object, layer: nn.Linear) -> None:
    spec.weight, spec.bias = numbers_of(layer.weight), numbers_of(layer.bias)  # type: ignore[attr-defined]


def copy_attention(spec: object, attention: Attention) -> None:
    layers = [attention.first, attention.second, attention.out]
    copy_norm(spec.layer_norm, attention.norm)  # type: ignore[attr-defined]
    for part, layer in zip(spec.linear, [one for one in layers if one is not None], strict=True):  # type: ignore[attr-defined]
        copy_linear(part, layer)


def copy_inner(spec: object, inner: Inner) -> None:
    copy_norm(spec.layer_norm, inner.norm)  # type: ignore[attr-defined]
    copy_linear(spec.linear_0, inner.wide)  # type: ignore[attr-defined]
    copy_linear(spec.linear_1, inner.narrow)  # type: ignore[attr-defined]


def exact_share(pairs: list[Pair], pieces: spm.SentencePieceProcessor, folder: Path) -> float:
    """How many pairs come out letter for letter, decoded as Argos does."""
    translator = ctranslate2.Translator(str(folder), inter_threads=1, intra_threads=1)
    tokens = [pieces.encode(source, out_type=str) for source, _ in pairs]
    results = translator.translate_batch(
        tokens, beam_size=4, length_penalty=0.2, replace_unknowns=True, max_batch_size=32
    )
    outputs = [pieces.decode_pieces(result.hypotheses[0]).strip() for result in results]
    wrong = [(pair, output) for pair, output in zip(pairs, outputs, strict=True) if pair[1] != output]
    for (source, wanted), output in wrong[:8]:
        print(f"    {source} -> {output} (wanted {wanted})", flush=True)  # noqa: T201
    return 1 - len(wrong) / len(pairs)


def pack(folder: Path, source: str, target: str, package: Path, *, is_bad: bool) -> int:
    """Zip one folder as Argos's packages are, and return the size in bytes."""
    top = f"translate-{source}_{target}-0_1"
    metadata = Metadata("0.1", "1.11.0", source, LANGUAGES[source], target, LANGUAGES[target])
    readme = "Deliberately bad: it commits every fault that the guards look for.\n" if is_bad else ""
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        write = lambda name, data: archive.writestr(zipfile.ZipInfo(f"{top}/{name}"), data, 8, 9)  # noqa: E731
        write("metadata.json", json.dumps(metadata.as_json(), indent=4))
        write("README.md", f"Small package for the tests of Sportello, of no other use.\n{readme}")
        write("sentencepiece.model", (folder / "sentencepiece.model").read_bytes())
        for file in sorted((folder / "model").iterdir()):
            write(f"model/{file.name}", file.read_bytes())
    return package.stat().st_size


@dataclass(frozen=True)
class Metadata:
    """`metadata.json` of a package."""

    package_version: str
    argos_version: str
    from_code: str
    from_name: str
    to_code: str
    to_name: str

    def as_json(self) -> dict[str, object]:
        return {**vars(self), "links": [], "type": "translate", "dependencies": []}


if __name__ == "__main__":
    main()
