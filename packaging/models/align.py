"""Bring pictures and texts into one space: train the image head and the text tower together."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
import torch
from device import DEVICE, half
from distill import Average
from phrases import Phrases, name, say
from texts import TEACHER_DIM, encode, pad
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from towers import ImageHead, TextShape, TextTower, unit

DIM = 256


@dataclass(frozen=True)
class Recipe:
    """What the alignment does, and how hard it is held back from learning by heart."""

    steps: int = 600
    batch: int = 768
    prompts: int = 300
    general: int = 128
    rate: float = 1.5e-3
    text_rate: float = 5e-4
    decay: float = 0.1
    noise: float = 0.1
    soft: float = 0.3
    vocabulary: float = 0.5
    anchor: float = 1.0
    echo: float = 0.0


@dataclass
class Knowledge:
    """Everything that the alignment learns from.

    Attributes:
        views: pooled features, float16 [views, pictures, width].
        weights: how often to draw each picture.
        phrases: texts of each picture.
        scores: the teacher's scores of each picture, [pictures, 1000].
        prompts: names and kinds of each of the teacher's classes.
        meanings: the row of `vectors` of each text that the text teacher has read.
        vectors: the text teacher's vectors, float16 [texts, 384].
        spoken: what the echo makes of `vectors`, float16 [texts, dim].
        general: texts beside the pictures', to keep meanings in place.
    """

    views: np.ndarray
    weights: np.ndarray
    phrases: list[Phrases]
    scores: np.ndarray
    prompts: list[list[str]]
    meanings: dict[str, int]
    vectors: np.ndarray
    spoken: np.ndarray
    general: list[str]


class Pair(nn.Module):
    """Both towers' trainable ends, with what only training needs."""

    def __init__(self) -> None:
        super().__init__()
        self.image = ImageHead(DIM)
        self.text = TextTower(DIM, TextShape())
        self.meaning = nn.Linear(TextShape().width, TEACHER_DIM)
        self.heat = nn.Parameter(torch.tensor([3.0, 3.0, 3.0]))

    def speak(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return embeddings in the shared space and in the text teacher's."""
        with half():
            pooled = self.text.pooled(ids, mask)
            shared, meaning = self.text.join(pooled), self.meaning(pooled)
        return unit(shared.float()), unit(meaning.float())

    def look(self, features: Tensor) -> Tensor:
        """Return the embeddings of pooled features."""
        with half():
            return unit(self.image(features).float())


def align(pair: Pair, known: Knowledge, tokenizer: Tokenizer, recipe: Recipe) -> Pair:
    """Train `pair` and return its averaged copy."""
    torch.manual_seed(0)
    pair.to(DEVICE)
    if not pair.image.shift.any():
        fit_scale(pair.image, known.views[0], known.weights)
    average = Average(pair, 0.99)
    text = [*pair.text.parameters(), *pair.meaning.parameters()]
    groups = [
        {"params": [*pair.image.parameters(), pair.heat], "lr": recipe.rate},
        {"params": text, "lr": recipe.text_rate, "weight_decay": 0.01},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.decay, betas=(0.9, 0.98))
    rates = [group["lr"] for group in groups]
    keys = key_table(known.phrases)
    chances = known.weights * np.array([bool(p.texts) for p in known.phrases])
    chances = chances / chances.sum()
    clock = time.time()
    pair.train()
    for step in range(recipe.steps):
        share = min(1, (step + 1) / 50) * (
            0.01 + 0.495 * (1 + math.cos(math.pi * step / recipe.steps))
        )
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * share
        losses = step_losses(pair, known, tokenizer, recipe, keys, chances, step)
        sum(losses).backward()
        nn.utils.clip_grad_norm_(pair.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(pair)
        if (step + 1) % 50 == 0:
            pace = (time.time() - clock) / 50
            shown = " ".join(f"{float(x.detach()):.3f}" for x in losses)
            print(f"align {step + 1}/{recipe.steps} {pace:.2f} s/step", shown, flush=True)
            clock = time.time()
    return average.model.cpu().eval()


def step_losses(
    pair: Pair,
    known: Knowledge,
    tokenizer: Tokenizer,
    recipe: Recipe,
    keys: np.ndarray,
    chances: np.ndarray,
    step: int,
) -> list[Tensor]:
    """Return the contrastive, the vocabulary and the meaning loss of one batch."""
    chance = np.random.default_rng((7, step))
    rows = chance.choice(len(chances), recipe.batch, replace=False, p=chances)
    said = [say(known.phrases[r], chance) for r in rows]
    classes = np.sort(chance.choice(len(known.prompts), recipe.prompts, replace=False))
    prompts = [
        name(known.prompts[c][int(chance.integers(len(known.prompts[c])))], chance) for c in classes
    ]
    general = [known.general[i] for i in chance.integers(0, len(known.general), recipe.general)]
    texts = [t for t, _ in said] + prompts + general
    ids = encode(tokenizer, texts)
    shared, meaning = speak_sorted(pair, ids)
    view = chance.integers(len(known.views))
    features = torch.from_numpy(known.views[view][np.sort(rows)][np.argsort(np.argsort(rows))])
    features = features.to(DEVICE).float()
    features = features + recipe.noise * torch.randn_like(features) / pair.image.scale
    seen = pair.look(features)
    n, m = len(rows), len(rows) + len(prompts)
    heat = pair.heat.clamp(max=4.6).exp()
    positive = (keys[rows][:, :, None] == np.array([k for _, k in said])[None, None]).any(1)
    wanted = torch.from_numpy(positive).to(DEVICE).float()
    strange = seen @ shared[m:].T * heat[0]
    logits = seen @ shared[:n].T * heat[0]
    contrast = contrastive(logits, wanted, strange, meaning[:n].detach(), recipe.soft)
    scores = torch.from_numpy(known.scores[rows][:, classes]).to(DEVICE).float()
    vocabulary = functional.kl_div(
        (seen @ shared[n:m].T * heat[1]).log_softmax(1), scores.softmax(1), reduction="batchmean"
    )
    found = [(i, known.meanings[t]) for i, t in enumerate(texts) if t in known.meanings]
    target = torch.from_numpy(known.vectors[[v for _, v in found]].astype(np.float32)).to(DEVICE)
    anchor = meaning_loss(meaning[[i for i, _ in found]], target, heat[2])
    losses = [contrast, recipe.vocabulary * vocabulary, recipe.anchor * anchor]
    if recipe.echo:
        said_rows = [(i, v) for i, v in found if i < n]
        spoken = torch.from_numpy(known.spoken[[v for _, v in said_rows]].astype(np.float32))
        echoed = meaning_loss(shared[[i for i, _ in said_rows]], spoken.to(DEVICE), heat[2])
        losses.append(recipe.echo * echoed)
    return losses


def speak_sorted(pair: Pair, ids: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Run the text tower in four batches of like length, to pad little."""
    order = np.argsort([len(i) for i in ids], kind="stable")
    parts = [
        pair.speak(*(t.to(DEVICE) for t in pad([ids[i] for i in part])))
        for part in np.array_split(order, 4)
    ]
    back = torch.from_numpy(np.argsort(order)).to(DEVICE)
    return torch.cat([p[0] for p in parts])[back], torch.cat([p[1] for p in parts])[back]


def contrastive(
    logits: Tensor, positive: Tensor, strange: Tensor, meaning: Tensor, soft: float
) -> Tensor:
    """Return InfoNCE both ways with all texts that fit as targets, near ones a little too.

    Texts out of the dictionary stand beside the pictures' own and fit none of them, so that what
    has nothing to do with pictures comes to lie far from all.
    """
    near = (meaning @ meaning.T * 20).softmax(1)

    def one_way(scores: Tensor, wanted: Tensor, more: Tensor) -> Tensor:
        target = (1 - soft) * wanted / wanted.sum(1, keepdim=True).clamp(min=1) + soft * near
        known = torch.cat([scores, more], 1).log_softmax(1)[:, : scores.shape[1]]
        return -(target * known).sum(1).mean()

    return 0.5 * (
        one_way(logits, positive, strange) + one_way(logits.T, positive.T, logits.T[:, :0])
    )


def meaning_loss(meaning: Tensor, target: Tensor, heat: Tensor, share: float = 0.1) -> Tensor:
    """Return how far the text tower is from the text teacher, alone and among others."""
    logits = heat * meaning @ target.T
    rows = torch.arange(len(meaning), device=meaning.device)
    among = functional.cross_entropy(logits, rows) + functional.cross_entropy(logits.T, rows)
    return 2 * (1 - (meaning * target).sum(1)).mean() + share * among


def fit_scale(head: ImageHead, features: np.ndarray, weights: np.ndarray) -> None:
    """Set the head's fixed shift and scale to those of the features that are learnt from."""
    rows = np.flatnonzero(weights)
    sample = features[rows[:: max(1, len(rows) // 6000)]].astype(np.float32)
    head.shift.copy_(torch.from_numpy(sample.mean(0)))
    head.scale.copy_(torch.from_numpy(1 / (sample.std(0) + 1e-3)))


def key_table(phrases: list[Phrases]) -> np.ndarray:
    """Return the keys of every picture's texts as one padded table."""
    rows = [sorted({*p.keys, *(key for _, key in p.extras)}) for p in phrases]
    table = np.full((len(rows), max(map(len, rows))), np.iinfo(np.int64).min)
    for row, keys in enumerate(rows):
        table[row, : len(keys)] = keys
    return table
