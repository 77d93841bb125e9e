"""Let the image tower say the names of what it recognises.

What the head learns from captions tells scenes from scenes, and hardly one thing from another; but
the tower's features hold the teacher's 1,000 classes nearly as well as the teacher's own. So the
head also guesses these classes, and the embedding leans towards the guessed ones' names, as texts
say them: a convex combination of semantic embeddings (Norouzi et al., "Zero-Shot Learning by Convex
Combination of Semantic Embeddings", ICLR 2014). A word for none of the classes is near to those
that mean nearly the same.
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
LEAN, UNSURE = 0.9, 0.35  # how far an embedding leans to names, less where no class is likely
WHITEN, FLOOR = 0.75, 0.1  # how much less what is common to many names counts
RIDGE, NOISE, DROP = 3000.0, 0.15, 0.5
HEAT = 20.0


class NamingHead(nn.Module):
    """Pooled maps to an embedding: what is seen, and the names of what is recognised.

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
        self.names = nn.Parameter(torch.zeros(classes, dim))

    def parts(self, pooled: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is seen, of unit length, and the logits of the classes."""
        x = self.narrow(((pooled - self.shift) * self.scale).clamp(-6, 6))
        return unit(self.line(x) + self.bend(x)), self.guess(x)

    def forward(self, pooled: Tensor) -> Tensor:
        seen, guesses = self.parts(pooled)
        return seen + leaning(guesses, self.names)


@dataclass(frozen=True)
class Lessons:
    """What naming is learnt from; held-out pictures and classes are in none of it.

    Attributes:
        features: the tower's pooled ones, float16 [pictures, width].
        scores: the teacher's, float16 [pictures, classes].
        weights: how often to draw each picture.
        names: unit embeddings of the classes' names as texts, [classes, dim].
        texts: unit embeddings of captions and labels, [texts, dim].
        owned: rows of `texts` that fit each picture.
        keys: a number for the meaning of each text; pictures share those that are labels.
    """

    features: np.ndarray
    scores: np.ndarray
    weights: np.ndarray
    names: np.ndarray
    texts: np.ndarray
    owned: list[list[int]]
    keys: np.ndarray


def leaning(guesses: Tensor, names: Tensor) -> Tensor:
    """Return how an embedding leans to the names of guessed classes, [n, dim].

    Args:
        guesses: logits, [n, classes].
        names: [classes, dim].
    """
    x = guesses.softmax(-1) @ names
    return x * (LEAN / (x.norm(dim=-1, keepdim=True) + UNSURE * LEAN))


def fit_naming(head: ImageHead, lessons: Lessons) -> NamingHead:
    """Return a head that sees as `head` does and names as the teacher would."""
    torch.manual_seed(0)
    x = ((torch.from_numpy(lessons.features).float() - head.shift) * head.scale).clamp(-6, 6)
    guess = _fit_guess(x, lessons)
    found = _narrowed(head.eval(), guess, x, lessons)
    found.names.data = _fit_names(found, lessons)
    return found.eval()


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


def _fit_names(head: NamingHead, lessons: Lessons) -> Tensor:
    """Return whither each class leans: its name, what is common to all of them held back.

    Then captions, labels and names pull a little, since a class can stand for what is seen beside
    it.
    """
    with torch.no_grad():
        parts = [
            head.parts(torch.from_numpy(some).float())
            for some in np.array_split(lessons.features, 1 + len(lessons.features) // 1000)
        ]
    seen, guesses = (torch.cat(part) for part in zip(*parts, strict=True))
    names, texts = torch.from_numpy(lessons.names), torch.from_numpy(lessons.texts)
    start = LEAN * _whitened(names)
    found = nn.Parameter(start.clone())
    likely = torch.from_numpy(lessons.scores).float().softmax(1)
    chance = np.random.default_rng(0)
    optimiser = torch.optim.Adam([found])
    spoken = lessons.weights * [bool(own) for own in lessons.owned]
    for rows in _rows(optimiser, spoken, 300, 512, 2e-3):
        said = [lessons.owned[r][int(chance.integers(len(lessons.owned[r])))] for r in rows]
        guessed = guesses[rows] + 0.5 * torch.randn(len(rows), len(names))
        x = unit(seen[rows] + leaning(guessed, found))
        among = HEAT * x @ texts[said].T
        fits = torch.from_numpy(lessons.keys[said][:, None] == lessons.keys[said]).float()
        fits = fits / fits.sum(1, keepdim=True)
        contrast = -(fits * (among.log_softmax(1) + among.T.log_softmax(1))).sum(1).mean()
        named = (HEAT * x @ names.T).log_softmax(1)
        naming = functional.kl_div(named, likely[rows], reduction="batchmean")
        far = (found - start).square().sum(1).mean()
        _step(optimiser, 0.8 * contrast + 0.5 * naming + 12 * far)
    return found.detach()


def _whitened(names: Tensor) -> Tensor:
    centred = names - names.mean(0)
    strength, turn = torch.linalg.eigh(centred.T @ centred / len(centred))
    even = (strength.clamp(min=0) + FLOOR * strength.mean()) ** -WHITEN
    return unit(centred @ (turn * even) @ turn.T)


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
