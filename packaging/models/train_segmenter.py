"""Train the built-in segmenter and write its files: one command, resumable.

    python packaging/models/train_segmenter.py --data ../shared/data \
        --teachers ../shared/teachers --backbone .cache/models/tower-whole.pt \
        --out resources/models/segmenter

It begins with the backbone that the encoder's training has made and learns from the masks that
people drew (four fifths of ECSSD), from things cut out and pasted on other grounds, and from what
the teacher says of a few thousand other pictures, at last of new views of them.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from cutouts import CACHE_SIDE, ask, cut_out_things, drawn_masks, list_asked
from data import Item
from device import DEVICE, compiled, half
from distill import Average, recolour, save
from export import export_segmenter
from segment import Segmenter
from torch import Tensor, nn
from torch.nn import functional
from towers import EARLY
from views import ask_views

# What is shipped looks at a picture at these sizes: at the small one it sees what stands out, at
# the large one where that ends.
SEEN = (224, 320, 384)
CLOSER = 0.3  # what a second look around the subject counts
TEACHER_FILE = "u2netp-fp16.onnx"
WEIGHTS = "segmenter.onnx"
SHARES = {
    "ecssd": 5.0,
    "coco": 3.0,
    "flickr8k": 4.0,
    "imagenet-sample": 4.0,
    "tiny-imagenet": 2.0,
    "conceptual": 1.5,
    "styles": 1.0,
    "clothing": 1.0,
}  # others 0.4
PLAIN = 10.0  # the mean of a mask, of 255, under which a picture is taken for mere ground


@dataclass(frozen=True)
class Recipe:
    """How large a picture is seen, how long and how fast.

    Attributes:
        sizes: sides of which a batch has one.
        backbone: its rate, as a share of the decoder's.
        drawn: how often a mask by people is taken where there is one.
        pasted: how often a thing is pasted, of what is no view and not `peopled`.
        viewed: share of new views with what the teacher says of them.
        peopled: share of pictures that people drew masks for, beside those that chance brings.
    """

    sizes: tuple[int, ...]
    steps: int
    batch: int
    rate: float
    backbone: float = 0.3
    drawn: float = 0.85
    pasted: float = 0.12
    viewed: float = 0.0
    peopled: float = 0.0


FIRST, FINE = Recipe((256,), 7300, 16, 2e-3), Recipe((288,), 3200, 8, 3e-4)
VIEWED = Recipe((224, 288, 352), 10_000, 8, 1e-3, 0.4, 1.0, 0.5, viewed=0.62, peopled=0.22)
LAST = Recipe(SEEN, 4000, 8, 6e-4, 0.4, 1.0, 0.5, viewed=0.62, peopled=0.22)
VIEWS = 15_000
# Shares of the later weights in the next beginning, and in what is shipped: means err less.
TUNED, ONWARD, EARLIER, LATEST = 0.3, 0.6, 0.5, 0.6


@dataclass
class Lessons:
    """Pictures with the masks to learn.

    Attributes:
        pictures: uint8 [n, 320, 320, 3].
        said: the teacher's masks, uint8 [n, 320, 320].
        drawn: masks by people by row of `pictures`.
        chances: how often to draw each picture.
        things: cut-out things, uint8 [m, 320, 320, 4].
        grounds: rows of `pictures` to paste things on.
        views: new views with the teacher's masks behind the colours, uint8 [n, 320, 320, 4] each.
    """

    pictures: np.ndarray
    said: np.ndarray
    drawn: dict[int, np.ndarray]
    chances: np.ndarray
    things: np.ndarray
    grounds: np.ndarray
    views: list[np.ndarray]


def gather(data: Path, teacher: Path, work: Path) -> Lessons:
    """Return everything there is to learn from."""
    items = list_asked(data)
    pictures, said = ask(items, teacher, work)
    drawn = drawn_masks(items, data / "ecssd" / "masks")
    chances = _chances(items)
    things = [cut_out_things(data), *(_with_alpha(pictures[r], m)[None] for r, m in drawn.items())]
    # What has no subject of its own: there a thing laid on it is the only one.
    grounds = [row for row, mask in enumerate(said) if 0 < mask[::8, ::8].mean() < PLAIN]
    views = ask_views(pictures, chances, teacher, work, VIEWS)
    return Lessons(pictures, said, drawn, chances, np.concatenate(things), np.array(grounds), views)


def _with_alpha(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.dstack([picture, mask])


def _chances(items: list[Item]) -> np.ndarray:
    names = [i.set_name for i in items]
    weights = np.array([SHARES.get(n, 0.4) / names.count(n) for n in names])
    return weights / weights.sum()


def draw(lessons: Lessons, recipe: Recipe, step: int) -> tuple[Tensor, Tensor]:
    """Return pictures, float [n, 3, size, size], and masks, float [n, 1, size, size] in 0..1."""
    chance, rng = np.random.default_rng((17, step)), torch.Generator().manual_seed(step)
    size = int(chance.choice(recipe.sizes))
    viewed = int(chance.binomial(recipe.batch, recipe.viewed))
    framed = [_pictured(lessons, recipe, chance) for _ in range(recipe.batch - viewed)]
    parts = []
    if framed:
        parts.append(_framed(torch.from_numpy(np.stack(framed)).to(DEVICE), size, rng))
    if viewed:
        views = [_mirrored(lessons.views, chance) for _ in range(viewed)]
        parts.append(_shrunk(torch.from_numpy(np.stack(views)).to(DEVICE), size, rng))
    return torch.cat([x for x, _ in parts]), torch.cat([mask for _, mask in parts])


def _pictured(lessons: Lessons, recipe: Recipe, chance: np.random.Generator) -> np.ndarray:
    """Return a picture with a mask behind its colours, uint8 [320, 320, 4]."""
    if chance.random() * (1 - recipe.viewed) < recipe.peopled:
        row = list(lessons.drawn)[int(chance.integers(len(lessons.drawn)))]
        return _with_alpha(lessons.pictures[row], lessons.drawn[row])
    if chance.random() < recipe.pasted:
        return _pasted(lessons, chance)
    row = int(chance.choice(len(lessons.pictures), p=lessons.chances))
    use_drawn = row in lessons.drawn and chance.random() < recipe.drawn
    mask = lessons.drawn[row] if use_drawn else lessons.said[row]
    return _with_alpha(lessons.pictures[row], mask)


def _mirrored(views: list[np.ndarray], chance: np.random.Generator) -> np.ndarray:
    part = views[int(chance.integers(len(views)))]
    view = part[int(chance.integers(len(part)))]
    return view[:, ::-1] if chance.random() < 0.5 else view


def _pasted(lessons: Lessons, chance: np.random.Generator) -> np.ndarray:
    """Put a cut-out thing somewhere on another picture."""
    thing = lessons.things[int(chance.integers(len(lessons.things)))]
    thing = thing[:, ::-1] if chance.random() < 0.5 else thing
    side = int(CACHE_SIDE * chance.uniform(0.45, 1.0))
    steps = np.arange(side) * CACHE_SIDE // side
    small = thing[steps][:, steps]
    ground = lessons.pictures[int(chance.choice(lessons.grounds))]
    found = np.dstack([ground, np.zeros(ground.shape[:2], np.uint8)])
    top, left = (int(chance.integers(0, CACHE_SIDE - len(steps) + 1)) for _ in range(2))
    here = found[top : top + len(steps), left : left + len(steps)]
    alpha = small[..., 3:].astype(np.float32) / 255
    here[..., :3] = small[..., :3] * alpha + here[..., :3] * (1 - alpha)
    here[..., 3] = small[..., 3]
    return found


def _shrunk(stacked: Tensor, size: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Recolour views, which are framed already."""

    def chance(low: float, high: float) -> Tensor:
        return (torch.rand(len(stacked), generator=rng) * (high - low) + low).to(DEVICE)

    x = stacked.permute(0, 3, 1, 2).float()
    x = functional.interpolate(x, (size, size), mode="bilinear", antialias=True)
    return recolour(x[:, :3], chance), x[:, 3:] / 255


def _framed(stacked: Tensor, size: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    n = len(stacked)

    def chance(low: float, high: float) -> Tensor:
        return (torch.rand(n, generator=rng) * (high - low) + low).to(DEVICE)

    scale, stretch = chance(0.72, 1.05), torch.exp(chance(-0.12, 0.12))
    wide, high = (scale * stretch).clamp(max=1.08), (scale / stretch).clamp(max=1.08)
    theta = torch.zeros(n, 2, 3, device=DEVICE)
    theta[:, 0, 0] = wide * torch.where(chance(0, 1) < 0.5, -1.0, 1.0)
    theta[:, 1, 1] = high
    theta[:, 0, 2] = (1 - wide).clamp(min=0) * chance(-1, 1)
    theta[:, 1, 2] = (1 - high).clamp(min=0) * chance(-1, 1)
    grid = functional.affine_grid(theta, [n, 4, size, size], align_corners=False)
    x = stacked.permute(0, 3, 1, 2).float()
    x = functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    return recolour(x[:, :3], chance), x[:, 3:] / 255


def losses_of(found: list[Tensor], mask: Tensor) -> list[Tensor]:
    """Return cross-entropy and overlap losses, coarse to fine; the finest counts most."""
    losses = []
    for logits in found:
        logits = logits.float()
        target = functional.interpolate(mask, logits.shape[-2:], mode="area")[:, 0]
        even = functional.binary_cross_entropy_with_logits(logits, target)
        guess = logits.sigmoid()
        both = (guess * target).sum((1, 2))
        either = (guess + target - guess * target).sum((1, 2))
        losses.append(even + (1 - (both + 1) / (either + 1)).mean())
    fine = (found[-1].float().sigmoid() - target).abs().mean()
    return [*(0.3 * loss for loss in losses[:-1]), 1.5 * losses[-1], fine]


def learn(net: Segmenter, lessons: Lessons, recipe: Recipe, done: Path) -> Segmenter:
    """Train, resuming beside `done`; return the averaged weights."""
    if not done.exists():
        _run(net, lessons, recipe, done)
    net.load_state_dict(torch.load(done, map_location=DEVICE)["average"])
    return net.to(DEVICE).eval()


def _run(net: Segmenter, lessons: Lessons, recipe: Recipe, done: Path) -> None:
    net = net.to(DEVICE, memory_format=torch.channels_last).train()
    # The first blocks see edges and colours here as there; leaving them alone saves half the time.
    early = nn.ModuleList([net.backbone.stem, *net.backbone.blocks[:EARLY]])
    early.eval().requires_grad_(False)
    average, start = Average(net, 0.998), 0
    old = {id(p) for p in net.backbone.parameters()}
    later = [p for p in net.backbone.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in net.parameters() if id(p) not in old], "lr": recipe.rate},
        {"params": later, "lr": recipe.rate * recipe.backbone},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    rates = [group["lr"] for group in groups]
    part = done.with_suffix(".part")
    if part.exists():
        state = torch.load(part, map_location=DEVICE)
        net.load_state_dict(state["student"])
        average.model.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = average.steps = state["step"]
    see = compiled(net)
    seen, clock = np.zeros(len(net.guesses) + 1), time.time()
    for step in range(start, recipe.steps):
        fall = 0.01 + 0.495 * (1 + math.cos(math.pi * step / recipe.steps))
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / 100) * fall
        pixels, mask = draw(lessons, recipe, step)
        with half():
            found = see(pixels.contiguous(memory_format=torch.channels_last))
        losses = losses_of(found, mask)
        torch.stack(losses).sum().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(net)
        seen += np.array([float(loss.detach()) for loss in losses])
        if (step + 1) % 50 == 0:
            speed = 50 * recipe.batch / (time.time() - clock)
            print(f"{step + 1}/{recipe.steps} {speed:.0f}/s", np.round(seen / 50, 3), flush=True)
            seen[:], clock = 0, time.time()
        if (step + 1) % 100 == 0 or step + 1 == recipe.steps:
            save(part, net, average, optimiser, step + 1)
    part.rename(done)


def write(net: Segmenter, out: Path) -> None:
    """Write the network and config.json."""
    out.mkdir(parents=True, exist_ok=True)
    export_segmenter(net.cpu(), SEEN, out / WEIGHTS)
    digest = hashlib.sha256((out / WEIGHTS).read_bytes()).hexdigest()
    size = max(SEEN)
    facts = {"id": "segmenter-6", "image_size": size, "resize": "squash", "closer": CLOSER}
    text = json.dumps({**facts, "sha256": {WEIGHTS: digest}}, indent=2) + "\n"
    (out / "config.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--teachers", type=Path, default=Path("../shared/teachers"))
    parser.add_argument("--backbone", type=Path, required=True, help="checkpoint of the encoder")
    parser.add_argument("--work", type=Path, default=Path(".cache/models/segmenter"))
    parser.add_argument("--out", type=Path, default=Path("resources/models/segmenter"))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    lessons = gather(arguments.data, arguments.teachers / TEACHER_FILE, arguments.work)
    net = Segmenter()
    net.backbone.load_state_dict(_backbone(arguments.backbone), strict=False)
    learn(net, lessons, FIRST, arguments.work / "segmenter.pt")
    tuned = learn(copy.deepcopy(net), lessons, FINE, arguments.work / "tuned.pt")
    base = blended(net, tuned, TUNED)
    viewed = learn(copy.deepcopy(base), lessons, VIEWED, arguments.work / "viewed.pt")
    begun = blended(base, viewed, ONWARD)
    last = learn(begun, lessons, LAST, arguments.work / "last.pt")
    write(blended(blended(base, viewed, EARLIER), last, LATEST), arguments.out)


def blended(net: Segmenter, later: Segmenter, share: float) -> Segmenter:
    """Return the mean of two networks of which one was trained on from the other."""
    found = copy.deepcopy(net)
    for ours, theirs in zip(found.state_dict().values(), later.state_dict().values(), strict=True):
        if ours.dtype.is_floating_point:
            ours.lerp_(theirs, share)
    return found


def _backbone(path: Path) -> dict[str, Tensor]:
    """Return the backbone's weights of a checkpoint of it alone or of the whole tower."""
    found = torch.load(path, map_location="cpu")["average"]
    prefix = "backbone." if any(name.startswith("backbone.") for name in found) else ""
    return {n.removeprefix(prefix): v for n, v in found.items() if n.startswith(prefix)}


if __name__ == "__main__":
    main()
