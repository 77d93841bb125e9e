"""Find out how near each word of the vocabulary usually is to pictures, to be sure of tags.

    python packaging/models/tags.py --data ../shared/data --out resources/vocabulary/tags.json

Means and spreads come from pictures of all kinds, how common words are from captions of photos, and
the log odds from one half of the photos of flickr8k/dev, by logistic regression; what is printed is
measured on the other half. A tag is right where a caption has the word, or one that means it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bowerbird import paths
from bowerbird.actions.tags import SENTENCES, Word, read_vocabulary
from bowerbird.decode.decoder import load_pixels
from bowerbird.engines.models import Models
from bowerbird.errors import DecodeError

BROAD = ("imagenet-sample", "coco", "conceptual", "fashion", "scenes", "styles")
OF_EACH, CAPTIONED, BATCH = 450, 1500, 64
FLOOR, THRESHOLD = -3.2, 0.62
# What captions say where they mean a word of the vocabulary.
MEANT = {
    "person": "man men woman women boy boys girl girls child children kid kids people lady guy "
    "player players hiker biker skier climber someone toddler baby crowd rider surfer swimmer "
    "dancer team couple adult teenager male female skateboarder snowboarder bicyclist cyclist "
    "runner worker soldier athlete friends family climbers hikers skiers",
    "child": "boy boys girl girls kid kids toddler children baby",
    "field": "grass grassy meadow lawn",
    "dog": "dogs puppy terrier poodle greyhound retriever collie",
    "snow": "snowy ski skier snowboarder ice",
    "sea": "ocean waves wave surfer surf",
    "water": "ocean sea lake river pool wave waves pond surfer swimming swims splash splashing",
    "city": "street building buildings sidewalk urban road",
    "street": "road sidewalk city",
    "running": "run runs race racing runner",
    "indoors": "inside room couch kitchen bed table floor",
    "sky": "clouds air",
    "stone": "rock rocks stones cliff rocky",
    "mountain": "mountains cliff peak hill hills rocky climber",
    "cycling": "bike bicycle biker bicyclist cyclist bikes motorcycle riding",
    "boat": "kayak canoe ship raft",
    "soccer": "football",
    "tree": "trees forest woods",
    "forest": "tree trees woods",
}


def main() -> None:
    """Measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    encoder = Models(paths.model_cache()).encoder("builtin")
    words = read_vocabulary(Path("none"))
    vectors = np.stack([_word(encoder, word) for word in words])
    flickr = options.data / "flickr8k"
    captions = _captions(flickr / "train.tsv")[:CAPTIONED]
    common = np.log((_named(captions, words).sum(0) + 1) / (len(captions) + 2))
    cosines = _embed(encoder, _broad(options.data)) @ vectors.T
    mean, spread = cosines.mean(0), cosines.std(0)
    dev = _captions(flickr / "dev.tsv")
    near = (_embed(encoder, [flickr / name for name, _ in dev]) @ vectors.T - mean) / spread
    truth = _named(dev, words)
    prior = np.broadcast_to(np.maximum(common, FLOOR), near.shape)
    order = np.random.default_rng(0).permutation(len(dev))
    fitted, held = order[: len(dev) // 2], order[len(dev) // 2 :]
    model = LogisticRegression(max_iter=1000).fit(
        np.stack([near[fitted].ravel(), prior[fitted].ravel()], 1), truth[fitted].ravel()
    )
    sure = model.predict_proba(np.stack([near[held].ravel(), prior[held].ravel()], 1))[:, 1]
    shown = sure >= THRESHOLD
    right = float(truth[held].ravel()[shown].mean())
    data = {
        "encoder": encoder.id,
        "slope": round(float(model.coef_[0, 0]), 4),
        "prior_slope": round(float(model.coef_[0, 1]), 4),
        "offset": round(float(model.intercept_[0]), 4),
        "floor": FLOOR,
        "threshold": THRESHOLD,
        "words": {
            word.name: [round(float(value), 4) for value in row]
            for word, *row in zip(words, mean, spread, common, strict=True)
        },
    }
    lines = json.dumps(data, ensure_ascii=False).replace('], "', '],\n"')
    options.out.write_text(lines + "\n", encoding="utf-8")
    share = float(shown.sum() / len(held))
    print(json.dumps({"right": round(right, 3), "tags_per_photo": round(share, 2)}))


def _word(encoder: object, word: Word) -> np.ndarray:
    texts = [sentence.format(text) for text in word.texts for sentence in SENTENCES]
    mean = encoder.encode_texts(texts).mean(0)  # type: ignore[attr-defined]
    return mean / np.linalg.norm(mean)


def _captions(path: Path) -> list[tuple[str, str]]:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return [(row[0], f" {re.sub('[^a-z0-9 ]', ' ', row[1].lower())} ") for row in rows]


def _named(captions: list[tuple[str, str]], words: list[Word]) -> np.ndarray:
    """Return which captions name which words, bool [captions, words]."""
    patterns = []
    for word in words:
        texts = {*word.texts, *MEANT.get(word.name, "").split()}
        patterns.append(re.compile(f" ({'|'.join(map(re.escape, texts))})(s|es)? ", re.IGNORECASE))
    return np.array([[bool(one.search(text)) for one in patterns] for _, text in captions])


def _broad(data: Path) -> list[Path]:
    chosen: list[Path] = []
    for name in BROAD:
        found = sorted([*(data / name).rglob("*.jpg"), *(data / name).rglob("*.png")])
        chosen += random.Random(0).sample(found, min(OF_EACH, len(found)))
    return chosen


def _embed(encoder: object, files: list[Path]) -> np.ndarray:
    spec = encoder.spec  # type: ignore[attr-defined]
    found = []
    for start in range(0, len(files), BATCH):
        pixels = []
        for path in files[start : start + BATCH]:
            try:
                with path.open("rb") as stream:
                    pixels.append(load_pixels(stream, path.name, spec, max_pixels=10**9))
            except DecodeError:
                continue
        found.append(encoder.encode_images(np.stack(pixels)))  # type: ignore[attr-defined]
    return np.concatenate(found)


if __name__ == "__main__":
    main()
