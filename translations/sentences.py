"""Where a sentence ends, in the twelve languages, without a model.

Argos would load Stanza (and with it torch) or download a model for this. A sentence that is cut too
early or too late costs some quality, never a word: the pieces joined are always the text.
"""

from __future__ import annotations

import re

_ABBREVIATIONS = {
    # Italian
    *(
        "sig",
        "sigg",
        "sig.ra",
        "dott",
        "dott.ssa",
        "dr",
        "avv",
        "ing",
        "geom",
        "prof",
        "prof.ssa",
        "egr",
        "gent",
    ),
    *(
        "art",
        "artt",
        "co",
        "lett",
        "n",
        "nn",
        "nr",
        "num",
        "tel",
        "cell",
        "fax",
        "pag",
        "pagg",
        "es",
        "ecc",
        "ca",
    ),
    *(
        "via",
        "v",
        "p.za",
        "p.zza",
        "v.le",
        "c.so",
        "max",
        "min",
        "all",
        "cfr",
        "ss",
        "s",
        "d.lgs",
        "d.l",
        "d.p.r",
    ),
    # English, French, Spanish, Romanian, Albanian
    *("mr", "mrs", "ms", "st", "no", "vs", "etc", "e.g", "i.e", "mme", "mlle", "av", "bd", "ex", "cf"),
    *(
        "sr",
        "sra",
        "srta",
        "ud",
        "uds",
        "p.ej",
        "núm",
        "dl",
        "d-na",
        "str",
        "nr",
        "bl",
        "ap",
        "z",
        "zj",
        "rr",
    ),
    # Ukrainian
    *(
        "вул",
        "буд",
        "кв",
        "м",
        "обл",
        "р",
        "рр",
        "ст",
        "тел",
        "грн",
        "тис",
        "див",
        "напр",
        "п",
        "пл",
        "просп",
        "т.д",
    ),
}

_END = re.compile(r"[.!?…؟۔।॥。！？]+[\"'»”’)\]]*(?=\s|$)|[。！？]+[」』”’）]*|\n+")
_LAST_WORD = re.compile(r"[^\s(«\"“„']+$")
_SOFT_BREAK = re.compile(r"[,;:،؛，；：、](?=\s|[^\x00-\x7f])|\s")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with the blanks behind it; joined they are the text."""
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if _ends_abbreviation(text[start : match.start()], match.group()):
            continue
        while end < len(text) and text[end].isspace():
            end += 1
        if end > start:
            sentences.append(text[start:end])
            start = end
    if start < len(text):
        sentences.append(text[start:])
    return sentences


def split_segments(text: str, *, longest: int) -> list[str]:
    """Return the sentences, those over `longest` letters cut at a comma or a blank, else hard."""
    return [piece for sentence in split_sentences(text) for piece in _cut(sentence, longest)]


def _ends_abbreviation(before: str, ending: str) -> bool:
    if ending[:2] != "." and ending != ".":
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    plain = word.group().casefold()
    is_initial = len(plain) == 1 and word.group().isupper()
    return plain in _ABBREVIATIONS or is_initial


def _cut(sentence: str, longest: int) -> list[str]:
    pieces = []
    while len(sentence) > longest:
        breaks = [match.end() for match in _SOFT_BREAK.finditer(sentence, longest // 2, longest)]
        commas = [end for end in breaks if not sentence[end - 1].isspace()]
        end = commas[-1] if commas else breaks[-1] if breaks else longest
        pieces.append(sentence[:end])
        sentence = sentence[end:]
    return [*pieces, sentence] if sentence else pieces
