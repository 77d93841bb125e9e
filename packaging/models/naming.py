"""Let the image tower say what it recognises.

What the head learns from captions tells scenes from scenes, and hardly one thing from another; but
the tower's features hold the teacher's 1,000 classes nearly as well as the teacher's own. So the
head also guesses these classes, and the embedding leans towards the guessed ones' codes: a convex
combination, as in Norouzi et al., "Zero-Shot Learning by Convex Combination of Semantic
Embeddings", ICLR 2014. A code is no name but where the class's pictures lie, less what is common
to all pictures; texts that name things lean to codes as well (`senses`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from towers import ImageHead, unit

RANK = 416  # the width through which all that reads the features goes
LEAN, UNSURE = 0.9, 0.35  # how far an embedding leans to codes, less where no class is likely
DOUBT = 1.5  # guesses are spread over more classes than the readout would
FLOOR = 0.1  # of the mean variance: directions weaker than that are noise
RIDGE, NOISE, DROP = 3000.0, 0.15, 0.5


class NamingHead(nn.Module):
    """Pooled maps to an embedding: what is seen, and the codes of what is recognised.

    Args:
        width: Length of the pooled features.
        classes: How many classes are guessed.
        dim: Length of an embedding.
        hidden: Width of the bent line.
    """

    def __init__(self, width: int, classes: int, dim: int, hidden: int = 512) -> None:
        super().__init__()
        self.register_buffer("shift", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.narrow = nn.Linear(width, RANK, bias=False)
        self.line = nn.Linear(RANK, dim)
        self.bend = nn.Sequential(nn.Linear(RANK, hidden), nn.ReLU(), nn.Linear(hidden, dim))
        self.guess = nn.Linear(RANK, classes)
        self.register_buffer("codes", torch.zeros(classes, dim))

    def parts(self, pooled: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is seen, of unit length, and the logits of the classes."""
        x = self.narrow(((pooled - self.shift) * self.scale).clamp(-6, 6))
        return unit(self.line(x) + self.bend(x)), self.guess(x)

    def forward(self, pooled: Tensor) -> Tensor:
        seen, guesses = self.parts(pooled)
        return seen + leaning(guesses, self.codes)


@dataclass(frozen=True)
class Lessons:
    """What naming is learnt from; held-out pictures and classes are in none of it.

    Attributes:
        features: the tower's pooled ones, float16 [pictures, width].
        scores: the teacher's, float16 [pictures, classes].
        weights: how often to draw each picture.
    """

    features: np.ndarray
    scores: np.ndarray
    weights: np.ndarray


def leaning(guesses: Tensor, codes: Tensor) -> Tensor:
    """Return how an embedding leans to the codes of guessed classes, [n, dim].

    Args:
        guesses: logits, [n, classes].
        codes: [classes, dim].
    """
    x = (guesses / DOUBT).softmax(-1) @ codes
    return x * (LEAN / (x.norm(dim=-1, keepdim=True) + UNSURE * LEAN))


def fit_naming(head: ImageHead, lessons: Lessons) -> NamingHead:
    """Return a head that sees as `head` does and names as the teacher would."""
    torch.manual_seed(0)
    x = ((torch.from_numpy(lessons.features).float() - head.shift) * head.scale).clamp(-6, 6)
    guess = _fit_guess(x, lessons)
    found = _narrowed(head.eval(), guess, x, lessons)
    with torch.no_grad():
        parts = np.array_split(lessons.features, 1 + len(x) // 1000)
        seen = torch.cat([found.parts(torch.from_numpy(part).float())[0] for part in parts])
        likely = torch.from_numpy(lessons.scores).float().softmax(1)
        found.codes.copy_(codes_of(seen, torch.from_numpy(lessons.weights), likely.T))
    return found.eval()


def codes_of(pictures: Tensor, weights: Tensor, fits: Tensor) -> Tensor:
    """Return the codes of things: the means of their pictures, whitened, [things, dim].

    Up to their length these are the directions of a linear discriminant analysis whose classes
    vary as all pictures do.

    Args:
        pictures: unit embeddings, [n, dim].
        weights: how often each is drawn, [n].
        fits: how well each fits the things, [things, n].
    """
    share = (weights / weights.sum()).float()
    usual = share @ pictures
    strays = pictures - usual
    strength, turn = torch.linalg.eigh(strays.T @ (strays * share[:, None]))
    strength = strength.clamp(min=0) + FLOOR * strength.mean()
    fits = fits * share
    means = fits @ strays / fits.sum(1, keepdim=True)
    return unit(means @ (turn / strength) @ turn.T)


def _fit_guess(x: Tensor, lessons: Lessons) -> nn.Linear:
    """Return a readout of the teacher's scores: ridge regression, then its probabilities."""
    share = torch.from_numpy(lessons.weights / lessons.weights.mean()).float()[:, None]
    scores = torch.from_numpy(lessons.scores).float()
    usual = (scores * share).mean(0)
    gram = (x * share).T @ x + RIDGE * torch.eye(x.shape[1])
    found = nn.Linear(x.shape[1], scores.shape[1])
    found.weight.data = torch.linalg.solve(gram, (x * share).T @ (scores - usual)).T.contiguous()
    found.bias.data = usual
    optimiser = torch.optim.AdamW(found.parameters(), weight_decay=0.1)
    for rows in _rows(optimiser, lessons.weights, 400, 512, 1e-3):
        here = functional.dropout(x[rows] + NOISE * torch.randn(len(rows), x.shape[1]), DROP)
        wanted, said = scores[rows], found(here)
        likely = functional.kl_div(said.log_softmax(1), wanted.softmax(1), reduction="batchmean")
        _step(optimiser, likely + 0.3 * (said - wanted).square().mean())
    return found.requires_grad_(False)


@torch.no_grad()
def _narrowed(head: ImageHead, guess: nn.Linear, x: Tensor, lessons: Lessons) -> NamingHead:
    """Return one head that does what both do, through fewer numbers (reduced-rank regression)."""
    found = NamingHead(x.shape[1], guess.out_features, head.line.out_features)
    found.shift.copy_(head.shift)
    found.scale.copy_(head.scale)
    found.bend[2].load_state_dict(head.bend[3].state_dict())
    olds, news = (head.line, head.bend[0], guess), (found.line, found.bend[0], found.guess)
    whole = torch.cat([layer.weight for layer in olds])
    share = torch.from_numpy(lessons.weights / lessons.weights.mean()).float()[:, None]
    usual = (x * share).mean(0)
    spread = ((x - usual) * share).T @ (x - usual) / len(x)
    # Every output counts the same, however far it strays.
    strays = (whole @ spread * whole).sum(1).sqrt()[:, None]
    even = whole / strays
    _, turn = torch.linalg.eigh(even @ spread @ even.T)
    turn = turn[:, -RANK:]
    found.narrow.weight.copy_(turn.T @ even)
    wide = turn * strays
    # What is cut off has a mean: the biases take it.
    lost = (whole - wide @ found.narrow.weight) @ usual
    sizes = [layer.out_features for layer in olds]
    for old, new, part, gone in zip(olds, news, wide.split(sizes), lost.split(sizes), strict=True):
        new.weight.copy_(part)
        new.bias.copy_(old.bias + gone)
    return found


def _rows(
    optimiser: torch.optim.Optimizer, weights: np.ndarray, steps: int, batch: int, rate: float
) -> Iterator[np.ndarray]:
    """Yield rows of pictures for every step, with the step's learning rate set."""
    chance = np.random.default_rng(1)
    for step in range(steps):
        fall = min(1, (step + 1) / 30) * 0.5 * (1 + math.cos(math.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = rate * fall
        yield chance.choice(len(weights), batch, p=weights / weights.sum())


def _step(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    loss.backward()
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
