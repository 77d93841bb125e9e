"""Both towers' trainable ends, and how far texts are from where they belong."""

from __future__ import annotations

import numpy as np
import torch
from device import DEVICE, half
from texts import TEACHER_DIM, pad
from torch import Tensor, nn
from torch.nn import functional
from towers import ImageHead, TextShape, TextTower, unit

DIM = 256


class Pair(nn.Module):
    """Both towers' trainable ends, with what only training needs."""

    def __init__(self) -> None:
        super().__init__()
        self.image = ImageHead(DIM)
        self.text = TextTower(DIM, TextShape())
        self.meaning = nn.Linear(TextShape().width, TEACHER_DIM)

    def speak(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return embeddings in the shared space and in the text teacher's."""
        with half():
            pooled = self.text.pooled(ids, mask)
            shared, meaning = self.text.join(pooled), self.meaning(pooled)
        return unit(shared.float()), unit(meaning.float())


def speak_sorted(pair: Pair, ids: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Run the text tower in four batches of like length, to pad little."""
    order = np.argsort([len(i) for i in ids], kind="stable")
    parts = [
        pair.speak(*(t.to(DEVICE) for t in pad([ids[i] for i in part])))
        for part in np.array_split(order, 4)
    ]
    back = torch.from_numpy(np.argsort(order)).to(DEVICE)
    return torch.cat([p[0] for p in parts])[back], torch.cat([p[1] for p in parts])[back]


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
