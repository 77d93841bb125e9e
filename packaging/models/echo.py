"""Teach the text tower what the guide says of captions, labels and the dictionary, and senses.

The guide hears the text teacher, which is far too large to ship; the text tower reads sub-words.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from device import DEVICE
from distill import Average, save
from pair import Pair, meaning_loss, speak_sorted
from texts import encode
from tokenizers import Tokenizer
from torch import nn

STEPS = 3000
BATCH = 512
HEAT = 20.0


def teach_text(
    pair: Pair,
    tokenizer: Tokenizer,
    texts: list[str],
    chances: np.ndarray,
    said: np.ndarray,
    vectors: np.ndarray,
    folder: Path,
    steps: int = STEPS,
) -> None:
    """Train the text side of `pair`.

    Args:
        pair: what to train; resumes from `folder`, and gets the averaged weights.
        tokenizer: splits texts.
        texts: those that pictures have and those of the dictionary.
        chances: how often to draw each.
        said: their unit embeddings, float16 [texts, 256].
        vectors: the text teacher's, float16 [texts, 384].
        folder: where checkpoints lie.
        steps: how long.
    """
    done = folder / "text-echo.pt"
    model = nn.ModuleList([pair.text, pair.meaning])
    if not done.exists():
        ids = encode(tokenizer, texts)
        _teach(model, pair, ids, chances, said, vectors, steps, done)
    model.load_state_dict(torch.load(done, map_location=DEVICE)["average"])


def _teach(
    model: nn.ModuleList,
    pair: Pair,
    ids: list[list[int]],
    chances: np.ndarray,
    said: np.ndarray,
    vectors: np.ndarray,
    steps: int,
    done: Path,
) -> None:
    model.to(DEVICE)
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.01, betas=(0.9, 0.98))
    average, part, start = Average(model, 0.99), done.with_suffix(".part"), 0
    if part.exists():
        state = torch.load(part, map_location=DEVICE)
        model.load_state_dict(state["student"])
        average.model.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = average.steps = state["step"]
    model.train()
    heat = torch.tensor(HEAT)
    for step in range(start, steps):
        slope = min(1, (step + 1) / 50) * (0.01 + 0.495 * (1 + math.cos(math.pi * step / steps)))
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * slope
        chance = np.random.default_rng((13, step))
        rows = chance.choice(len(ids), BATCH, p=chances)
        aim = torch.from_numpy(said[rows].astype(np.float32)).to(DEVICE)
        heard = torch.from_numpy(vectors[rows].astype(np.float32)).to(DEVICE)
        shared, meaning = speak_sorted(pair, [ids[r] for r in rows])
        loss = meaning_loss(shared, aim, heat, 0.3) + 0.2 * meaning_loss(meaning, heard, heat, 0.3)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(model)
        if (step + 1) % 50 == 0 or step + 1 == steps:
            print(f"echo {step + 1}/{steps} {float(loss.detach()):.3f}", flush=True)
            save(part, model, average, optimiser, step + 1)
    part.rename(done)
