"""Take hubs out of the space: pictures near to every text, and texts near to every picture.

Such hubs crowd out what is meant. So a score is lessened by how near its picture is to the bulk of
texts, and its text to the bulk of pictures: the log-mean-exp over a bank of the other side, as in
the inverted softmax (Smith et al., "Offline bilingual word vectors, orthogonal transformations and
the inverted softmax", ICLR 2017) and querybank normalisation (Bogolin et al., "Cross Modal
Retrieval with Querybank Normalisation", CVPR 2022). Both banks hold training data alone. A few
learnt points stand for each, and the two corrections are numbers of the embeddings themselves: an
inner product already holds them, and nothing that searches has to know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

HEAT_OF_TEXTS, HEAT_OF_PICTURES = 20.0, 10.0
LABELS = 0.15  # of the bank of texts, and names; the others are captions
STEPS, BATCH = 2500, 512


class Commonness(nn.Module):
    """How near an embedding is to the bulk of the other side, less what is usual.

    Args:
        dim: Length of an embedding.
        points: How many points stand for the other side.
        heat: How much the nearest ones count more.
    """

    def __init__(self, dim: int, points: int, heat: float) -> None:
        super().__init__()
        self.heat = heat
        self.points = nn.Parameter(torch.zeros(points, dim))
        self.weights = nn.Parameter(torch.zeros(points))
        self.register_buffer("usual", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        """Return [n] of unit embeddings [n, dim]."""
        logits = self.heat * x @ self.points.T + self.weights
        return logits.logsumexp(1) / self.heat - self.usual


class Hubness(nn.Module):
    """Both sides' corrections."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.pictures = Commonness(dim, 1024, HEAT_OF_TEXTS)
        self.texts = Commonness(dim, 512, HEAT_OF_PICTURES)


@dataclass(frozen=True)
class Sides:
    """Unit embeddings of training data, float32 [n, dim] each.

    Attributes:
        pictures: of all pictures.
        chances: how often to draw each.
        captions: of what people wrote under photos.
        labels: of names and templates.
    """

    pictures: np.ndarray
    chances: np.ndarray
    captions: np.ndarray
    labels: np.ndarray


def fit_hubness(sides: Sides) -> Hubness:
    """Return the corrections, fitted on both sides."""
    found = Hubness(sides.pictures.shape[1])
    chance = np.random.default_rng(6)
    chances = sides.chances / sides.chances.sum()
    texts = np.concatenate([sides.captions, sides.labels])
    share = np.where(np.arange(len(texts)) < len(sides.captions), 1 - LABELS, LABELS)
    counts = np.where(share == LABELS, len(sides.labels), len(sides.captions))
    likely = share / counts
    target = nearness(sides.pictures, texts, np.log(likely), HEAT_OF_TEXTS)
    _fit(found.pictures, (sides.pictures, chances), target, (texts, likely), chance)

    rows = chance.choice(len(chances), 4000, p=chances)
    bank, offsets = sides.pictures[rows], -HEAT_OF_PICTURES * (target[rows] - target.mean())
    target = nearness(texts, bank, offsets - math.log(len(bank)), HEAT_OF_PICTURES)
    _fit(found.texts, (texts, likely), target, (bank, np.full(len(bank), 1 / len(bank))), chance)
    return found.eval()


def nearness(x: np.ndarray, bank: np.ndarray, offsets: np.ndarray, heat: float) -> np.ndarray:
    """Return log(sum(exp(heat * x @ bank.T + offsets))) / heat, float32 [n]."""
    rows = [
        torch.from_numpy(heat * part @ bank.T + offsets).logsumexp(1) / heat
        for part in np.array_split(x, max(1, len(x) // 1000))
    ]
    return torch.cat(rows).float().numpy()


def _fit(
    found: Commonness,
    own: tuple[np.ndarray, np.ndarray],
    target: np.ndarray,
    other: tuple[np.ndarray, np.ndarray],
    chance: np.random.Generator,
) -> None:
    """Let the points say what the whole bank says; both sides come with their chances."""
    x, aim = torch.from_numpy(own[0]), torch.from_numpy(target)
    starts = chance.choice(len(other[0]), len(found.points), replace=False, p=other[1])
    with torch.no_grad():
        found.points.copy_(torch.from_numpy(other[0][starts]))
        found.weights.fill_(-math.log(len(starts)))
    optimiser = torch.optim.Adam(found.parameters(), 2e-3)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1 - step / STEPS)
        rows = chance.choice(len(x), BATCH, p=own[1])
        (found(x[rows]) - aim[rows]).square().mean().backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    found.usual.fill_(float(np.average(target, weights=own[1])))
