"""Say where every picture and every text belongs: experts over the teachers' features, joined.

An expert is a pair of small maps, from features of pictures and from the text teacher's vectors
into one space. Experts that see different features make different mistakes, so their spaces stand
side by side, and are then turned and cut to the width that is shipped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from device import DEVICE, half
from pair import meaning_loss
from texts import TEACHER_DIM
from torch import Tensor, nn
from torch.nn import functional
from towers import ImageHead, unit

WIDTH = 256


@dataclass(frozen=True)
class GuideRecipe:
    """How experts are fitted, and how hard they are held back from learning by heart."""

    steps: int = 450
    batch: int = 1024
    names: int = 256
    rate: float = 1.5e-3
    decay: float = 0.2
    drop: float = 0.6
    noise: float = 0.3
    soft: float = 0.2
    vocabulary: float = 0.5


@dataclass
class Lessons:
    """What experts learn from.

    Attributes:
        weights: how often to draw each picture.
        vectors: the text teacher's vectors, float32 [texts, 384].
        owned: rows of `vectors` that fit a picture.
        keys: a number for the meaning of each text; pictures share those that are labels.
        scores: the image teacher's scores of each picture, [pictures, classes].
        names: rows of `vectors` that name each of those classes.
    """

    weights: np.ndarray
    vectors: Tensor
    owned: list[list[int]]
    keys: np.ndarray
    scores: np.ndarray
    names: list[list[int]]


class Bent(nn.Module):
    """A straight line and a bent one, added, to unit length."""

    def __init__(self, width: int, hidden: int, drop: float) -> None:
        super().__init__()
        self.drop, self.inner = nn.Dropout(drop), nn.Dropout(0.3)
        self.line, self.widen = nn.Linear(width, WIDTH), nn.Linear(width, hidden)
        self.narrow = nn.Linear(hidden, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        x = self.drop(x)
        y = self.line(x) + self.narrow(self.inner(functional.relu(self.widen(x))))
        return unit(y.float())


class Expert(nn.Module):
    """One pair of maps into one space."""

    def __init__(self, width: int, recipe: GuideRecipe) -> None:
        super().__init__()
        self.image = Bent(width, 1024, recipe.drop)
        self.text = Bent(TEACHER_DIM, 768, 0.2)
        self.heat = nn.Parameter(torch.tensor([3.0, 3.0]))

    def say(self, vectors: Tensor) -> Tensor:
        """Return embeddings of the text teacher's vectors."""
        return self.text(vectors * TEACHER_DIM**0.5)


@dataclass
class Guide:
    """All experts and the turn into the shipped space."""

    experts: list[Expert]
    views: list[tuple[int, ...]]
    turn: Tensor

    @torch.no_grad()
    def look(self, features: list[Tensor]) -> Tensor:
        """Return unit-length [n, 256] of standardised features, one tensor a teacher."""
        found = [
            e.image(torch.cat([features[i] for i in view], 1))
            for e, view in zip(self.experts, self.views, strict=True)
        ]
        return unit(torch.cat(found, 1) @ self.turn)

    @torch.no_grad()
    def say(self, vectors: Tensor) -> Tensor:
        """Return unit-length [n, 256] of the text teacher's vectors."""
        return unit(torch.cat([e.say(vectors) for e in self.experts], 1) @ self.turn)


def standardised(features: np.ndarray, weights: np.ndarray) -> Tensor:
    """Return features with the spread of those pictures that are learnt from, float32."""
    rows = np.flatnonzero(weights)
    sample = features[rows[:: max(1, len(rows) // 8000)]].astype(np.float32)
    found = (features.astype(np.float32) - sample.mean(0)) / (sample.std(0) + 1e-3)
    return torch.from_numpy(found.clip(-6, 6))


@dataclass(frozen=True)
class Course:
    """How one expert is taught: which teachers' features it sees, what it learns, and how."""

    view: tuple[int, ...]
    lessons: Lessons
    recipe: GuideRecipe


def fit_guide(features: list[Tensor], courses: list[Course]) -> Guide:
    """Fit one expert a course and join them.

    Args:
        features: standardised features, float [pictures, width], one tensor a teacher.
        courses: what each expert sees and learns; the last one's lessons hold every text.
    """
    views = [course.view for course in courses]
    experts = [
        fit_expert(torch.cat([features[i] for i in c.view], 1), c.lessons, c.recipe, seed)
        for seed, c in enumerate(courses)
    ]
    joined = Guide(experts, views, torch.eye(WIDTH * len(experts)))
    lessons = courses[-1].lessons
    rows = np.flatnonzero(lessons.weights)[::2]
    texts = np.random.default_rng(0).choice(len(lessons.vectors), len(rows))
    both = torch.cat([joined.look([f[rows] for f in features]), joined.say(lessons.vectors[texts])])
    _, _, turn = torch.linalg.svd((both.T @ both) / len(both))
    return Guide(experts, views, turn[:WIDTH].T.contiguous())


def fit_expert(seen: Tensor, lessons: Lessons, recipe: GuideRecipe, seed: int) -> Expert:
    """Fit one expert to pictures with features `seen`."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    expert = Expert(seen.shape[1], recipe).to(DEVICE)
    optimiser = torch.optim.AdamW(expert.parameters(), recipe.rate, weight_decay=recipe.decay)
    chances = lessons.weights * np.array([bool(o) for o in lessons.owned])
    chances = chances / chances.sum()
    for step in range(recipe.steps):
        for group in optimiser.param_groups:
            fall = 0.5 * (1 + math.cos(math.pi * step / recipe.steps))
            group["lr"] = recipe.rate * min(1, (step + 1) / 30) * fall
        rows = chance.choice(len(chances), recipe.batch, replace=False, p=chances)
        loss = _expert_loss(expert, seen, lessons, recipe, rows, chance)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if (step + 1) % 50 == 0:
            print(f"expert {seed} {step + 1}/{recipe.steps} {float(loss.detach()):.3f}", flush=True)
    return expert.eval().requires_grad_(False)


def _expert_loss(
    expert: Expert,
    seen: Tensor,
    lessons: Lessons,
    recipe: GuideRecipe,
    rows: np.ndarray,
    chance: np.random.Generator,
) -> Tensor:
    said_rows = np.array(
        [lessons.owned[r][int(chance.integers(len(lessons.owned[r])))] for r in rows]
    )
    classes = np.sort(chance.choice(len(lessons.names), recipe.names, replace=False))
    named = [lessons.names[c][int(chance.integers(len(lessons.names[c])))] for c in classes]
    said = lessons.vectors[said_rows].to(DEVICE)
    x = seen[rows].to(DEVICE)
    with half():
        pictures = expert.image(x + recipe.noise * torch.randn_like(x))
        texts = expert.say(torch.cat([said, lessons.vectors[named].to(DEVICE)]))
    keys = lessons.keys[said_rows]
    fits = torch.from_numpy(keys[:, None] == keys[None]).to(DEVICE).float()
    near = (said @ said.T * 20).softmax(1)
    target = (1 - recipe.soft) * fits / fits.sum(1, keepdim=True) + recipe.soft * near
    logits = expert.heat[0].exp() * pictures @ texts[: len(rows)].T
    contrast = -(target * (logits.log_softmax(1) + logits.T.log_softmax(1))).sum(1).mean()
    scores = torch.from_numpy(lessons.scores[rows][:, classes]).to(DEVICE).float()
    guesses = expert.heat[1].exp() * pictures @ texts[len(rows) :].T
    vocabulary = functional.kl_div(guesses.log_softmax(1), scores.softmax(1), reduction="batchmean")
    return contrast + recipe.vocabulary * vocabulary


def fit_head(
    head: ImageHead, features: np.ndarray, aims: np.ndarray, weights: np.ndarray, steps: int = 400
) -> None:
    """Let the shipped head say of the image teacher's features what the guide says.

    Args:
        head: what to train; its scale is already that of the features.
        features: float16 [pictures, width].
        aims: the guide's embeddings, float16 [pictures, 256].
        weights: how often to draw each picture.
        steps: how long.
    """
    chance = np.random.default_rng(4)
    optimiser = torch.optim.AdamW(head.parameters(), 1e-3, weight_decay=0.1)
    head.to(DEVICE).train()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * min(1, (step + 1) / 30) * (1 - step / steps)
        rows = chance.choice(len(weights), 512, replace=False, p=weights / weights.sum())
        x = torch.from_numpy(features[rows]).to(DEVICE).float()
        aim = torch.from_numpy(aims[rows]).to(DEVICE).float()
        loss = meaning_loss(unit(head(x)), aim, torch.tensor(20.0), 0.3)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
