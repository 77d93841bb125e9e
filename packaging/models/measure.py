"""Measure the exported files as the engine runs them: retrieval, classes, speed, calibration."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnxruntime
from calibrate import NONSENSE, fit_relevance, fit_threshold
from data import Item, list_dev, list_items, load_squashed
from evaluate import precision_at_10, recalls, zero_shot
from texts import encode, pad
from tokenizers import Tokenizer


class Files:
    """The exported model."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        start = time.perf_counter()
        self.image = onnxruntime.InferenceSession(str(folder / "image.onnx"), options)
        self.text = onnxruntime.InferenceSession(str(folder / "text.onnx"), options)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.load_s = time.perf_counter() - start
        self.size = json.loads((folder / "config.json").read_text())["image_size"]

    def texts(self, texts: list[str], batch: int = 64) -> np.ndarray:
        """Return the embeddings of texts."""
        found = []
        for start in range(0, len(texts), batch):
            ids, mask = pad(encode(self.tokenizer, texts[start : start + batch]))
            feed = {"ids": ids.numpy(), "mask": mask.numpy()}
            found.append(self.text.run(None, feed)[0])
        return np.concatenate(found)

    def images(self, items: list[Item], batch: int = 32) -> tuple[np.ndarray, float]:
        """Return the embeddings of pictures and the rate from decoded pixels."""
        found, spent = [], 0.0
        for start in range(0, len(items), batch):
            part = items[start : start + batch]
            pixels = np.stack([load_squashed(i.path, self.size) for i in part])
            clock = time.perf_counter()
            found.append(self.image.run(None, {"pixels": pixels})[0])
            spent += time.perf_counter() - clock
        return np.concatenate(found), len(items) / spent


def measure(folder: Path, data: Path) -> dict[str, object]:
    """Return all figures, and write the calibration into config.json."""
    files = Files(folder)
    dev = list_dev(data)
    texts = files.texts([t for i in dev for t in i.texts])
    owners = np.array([row for row, i in enumerate(dev) for _ in i.texts])
    images, rate = files.images(dev)
    figures: dict[str, object] = {**recalls(images, texts, owners), "images_per_s": round(rate)}
    figures.update(_classes(files, data))
    start = time.perf_counter()
    for item in dev[:100]:
        files.texts([item.texts[0]])
    figures["text_ms"] = round((time.perf_counter() - start) * 10, 2)
    figures["load_s"] = round(files.load_s, 3)
    scale, bias = fit_relevance(images, texts, owners)
    line = fit_threshold(images, texts, owners, files.texts(list(NONSENSE)))
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["calibration"] = {"scale": scale, "bias": bias}
    config["threshold"] = line["threshold"]
    path.write_text(json.dumps(config, indent=2) + "\n")
    return {**figures, "calibration": config["calibration"], **line}


def _classes(files: Files, data: Path) -> dict[str, float]:
    items = [i for i in list_items(data, ("tiny-imagenet",)) if i.held_out]
    names = sorted({i.texts[0] for i in items})
    labels = np.array([names.index(i.texts[0]) for i in items])
    images, _ = files.images(items)
    classes = files.texts([f"a photo of a {n}" for n in names]) + files.texts(names)
    return {
        "held_out_classes": len(names),
        "held_out_top1": zero_shot(images, classes, labels),
        "held_out_p10": precision_at_10(images, labels),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.folder, arguments.data)))
