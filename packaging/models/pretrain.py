"""Teach the text tower what words mean before it sees a picture."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from device import DEVICE
from distill import Average, save
from pair import Pair, meaning_loss
from texts import encode, pad
from tokenizers import Tokenizer
from torch import nn

STEPS = 1000
BATCH = 512
RATE = 2e-3
FORGET = 0.05


def pretrain(
    pair: Pair,
    tokenizer: Tokenizer,
    captions: list[str],
    general: list[str],
    vectors: np.ndarray,
    folder: Path,
) -> None:
    """Train the text side of `pair` on the text teacher's vectors, half of them captions'.

    Args:
        pair: the towers; only the text tower and its meaning layer are trained.
        tokenizer: turns texts into ids.
        captions: what is said about pictures.
        general: names and explanations from the dictionary.
        vectors: the teacher's vectors of captions, then of general texts.
        folder: where checkpoints lie.
    """
    done = folder / "text-pre.pt"
    model = nn.ModuleList([pair.text, pair.meaning])
    if not done.exists():
        _run(model, pair, encode(tokenizer, captions + general), len(captions), vectors, done)
    model.load_state_dict(torch.load(done, map_location=DEVICE)["average"])


def _run(
    model: nn.ModuleList,
    pair: Pair,
    ids: list[list[int]],
    captions: int,
    vectors: np.ndarray,
    done: Path,
) -> None:
    heat = nn.Parameter(torch.tensor(3.0, device=DEVICE))
    model.to(DEVICE)
    optimiser = torch.optim.AdamW(
        [*model.parameters(), heat], RATE, weight_decay=0.01, betas=(0.9, 0.98)
    )
    average, part, start = Average(model, 0.995), done.with_suffix(".part"), 0
    if part.exists():
        state = torch.load(part, map_location=DEVICE)
        model.load_state_dict(state["student"])
        average.model.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = average.steps = state["step"]
    model.train()
    for step in range(start, STEPS):
        share = min(1, (step + 1) / 100) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / STEPS)))
        for group in optimiser.param_groups:
            group["lr"] = RATE * share
        chance = np.random.default_rng(step)
        rows = np.unique(
            np.concatenate(
                [
                    chance.integers(0, captions, BATCH // 2),
                    chance.integers(captions, len(ids), BATCH // 2),
                ]
            )
        )
        tokens, mask = pad([ids[r] for r in rows])
        lost = torch.rand(tokens.shape, generator=torch.Generator().manual_seed(step)) < FORGET
        tokens[lost & (mask > 0) & (mask.sum(1, keepdim=True) > 3)] = 1
        target = torch.from_numpy(vectors[rows].astype(np.float32)).to(DEVICE)
        loss = meaning_loss(
            pair.speak(tokens.to(DEVICE), mask.to(DEVICE))[1],
            target,
            heat.clamp(max=4.6).exp(),
            0.5,
        )
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(model)
        if (step + 1) % 100 == 0 or step + 1 == STEPS:
            print(f"text {step + 1}/{STEPS} {float(loss.detach()):.3f}", flush=True)
            save(part, model, average, optimiser, step + 1)
    part.rename(done)
