"""Let the text teacher speak in the shared space, and teach the text tower to say the same.

The text tower alone learns from few captions. The echo is a small map from the text teacher's
vectors into the shared space: fitted on the same captions it finds more than the tower does, and
it knows where any text belongs, not only those with a picture.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from align import DIM, Pair, meaning_loss, speak_sorted
from device import DEVICE
from distill import Average, save
from texts import TEACHER_DIM, encode
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from towers import unit

STEPS = 500
BATCH = 512
CAPTIONS = 0.6


class Echo(nn.Module):
    """A text teacher's vector to the shared space."""

    def __init__(self, hidden: int = 768, dropout: float = 0.2) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.line = nn.Linear(TEACHER_DIM, DIM)
        self.widen = nn.Linear(TEACHER_DIM, hidden)
        self.narrow = nn.Linear(hidden, DIM)

    def forward(self, vectors: Tensor) -> Tensor:
        x = self.drop(vectors * TEACHER_DIM**0.5)
        return unit(self.line(x) + self.narrow(self.drop(functional.gelu(self.widen(x)))))


def fit_echo(pictures: Tensor, vectors: Tensor, owned: list[list[int]], steps: int = 400) -> Echo:
    """Fit the echo to embeddings of pictures.

    Args:
        pictures: unit-length [n, dim], what the guide sees.
        vectors: the text teacher's vectors of captions.
        owned: rows of `vectors` that belong to each picture; pictures without are left out.
        steps: how long.
    """
    torch.manual_seed(0)
    echo, heat = Echo(), nn.Parameter(torch.tensor(3.0))
    optimiser = torch.optim.AdamW([*echo.parameters(), heat], 2e-3, weight_decay=0.1)
    chance = np.random.default_rng(0)
    having = np.array([row for row, texts in enumerate(owned) if texts])
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 30) * (1 - step / steps)
        rows = chance.choice(having, min(1024, len(having)), replace=False)
        said = vectors[[owned[r][int(chance.integers(len(owned[r])))] for r in rows]].float()
        near = (said @ said.T * 20).softmax(1)
        target = 0.8 * torch.eye(len(rows)) + 0.2 * near
        logits = heat.exp() * echo(said) @ pictures[rows].T
        loss = -(target * (logits.log_softmax(1) + logits.T.log_softmax(1))).sum(1).mean()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    return echo.eval().requires_grad_(False)


def teach_text(
    pair: Pair,
    echo: Echo,
    tokenizer: Tokenizer,
    captions: list[str],
    general: list[str],
    vectors: np.ndarray,
    folder: Path,
    steps: int = STEPS,
) -> None:
    """Train the text side of `pair` to say what the echo says, on captions and other texts."""
    done = folder / "text-echo.pt"
    model = nn.ModuleList([pair.text, pair.meaning])
    if not done.exists():
        ids = encode(tokenizer, captions + general)
        _teach(model, pair, echo, ids, len(captions), vectors, steps, done)
    model.load_state_dict(torch.load(done, map_location=DEVICE)["average"])


def _teach(
    model: nn.ModuleList,
    pair: Pair,
    echo: Echo,
    ids: list[list[int]],
    captions: int,
    vectors: np.ndarray,
    steps: int,
    done: Path,
) -> None:
    model.to(DEVICE)
    echo.to(DEVICE)
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.01, betas=(0.9, 0.98))
    average, part, start = Average(model, 0.99), done.with_suffix(".part"), 0
    if part.exists():
        state = torch.load(part, map_location=DEVICE)
        model.load_state_dict(state["student"])
        average.model.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = average.steps = state["step"]
    model.train()
    heat, share = torch.tensor(20.0), int(BATCH * CAPTIONS)
    for step in range(start, steps):
        slope = min(1, (step + 1) / 50) * (0.01 + 0.495 * (1 + math.cos(math.pi * step / steps)))
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * slope
        chance = np.random.default_rng((13, step))
        rows = np.concatenate(
            [
                chance.choice(captions, share, replace=False),
                chance.integers(captions, len(ids), BATCH - share),
            ]
        )
        said = torch.from_numpy(vectors[rows].astype(np.float32)).to(DEVICE)
        shared, meaning = speak_sorted(pair, [ids[r] for r in rows])
        loss = meaning_loss(shared, echo(said), heat, 0.3) + 0.2 * meaning_loss(
            meaning, said, heat, 0.3
        )
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(model)
        if (step + 1) % 50 == 0 or step + 1 == steps:
            print(f"echo {step + 1}/{steps} {float(loss.detach()):.3f}", flush=True)
            save(part, model, average, optimiser, step + 1)
    part.rename(done)
