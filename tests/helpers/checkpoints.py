"""Tiny open_clip checkpoints with random weights, laid out as open_clip pushes them to the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CLIP_CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 32,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "patch_size": 16},
        "text_cfg": {
            "context_length": 16,
            "vocab_size": 49408,
            "width": 32,
            "heads": 2,
            "layers": 2,
        },
    },
    "preprocess_cfg": {
        "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711],
        "interpolation": "bicubic",
        "resize_mode": "shortest",
    },
}
SIGLIP_CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 48,
        "init_logit_bias": -10,
        "custom_text": True,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "patch_size": 16},
        "text_cfg": {
            "context_length": 12,
            "vocab_size": 64,
            "hf_tokenizer_name": "nobody/tiny-siglip",
            "tokenizer_kwargs": {"clean": "canonicalize"},
            "width": 48,
            "heads": 2,
            "layers": 2,
            "no_causal_mask": True,
            "proj_bias": True,
            "pool_type": "last",
        },
    },
    "preprocess_cfg": {
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "interpolation": "bicubic",
        "resize_mode": "squash",
    },
}


def write_clip(folder: Path) -> Path:
    """Write a CLIP whose tokenizer is open_clip's own."""
    _write(folder, CLIP_CONFIG)
    return folder


def write_siglip(folder: Path) -> Path:
    """Write a SigLIP whose tokenizer lies beside the weights, laid out as SigLIP 2's Gemma one."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    _write(folder, SIGLIP_CONFIG)
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    trainer = trainers.BpeTrainer(vocab_size=64, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(["a photo of a red shoe", "two cats on a blue sofa"], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A:0 <eos>:0", pair="$A:0 <eos>:0 $B:1 <eos>:1", special_tokens=[("<eos>", 1)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    named = dict(zip(("pad_token", "eos_token", "bos_token", "unk_token"), special, strict=True))
    (folder / "special_tokens_map.json").write_text(json.dumps(named), "utf-8")
    config = {
        **named,
        "add_bos_token": False,
        "add_eos_token": True,
        "legacy": False,
        "padding_side": "right",
        "tokenizer_class": "GemmaTokenizer",
        "added_tokens_decoder": {
            str(at): {
                "content": token,
                "lstrip": False,
                "normalized": False,
                "rstrip": False,
                "single_word": False,
                "special": True,
            }
            for at, token in enumerate(special)
        },
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    return folder


def _write(folder: Path, config: dict[str, Any]) -> None:
    from bowerbird.engines.torchvision_operators import ensure_importable

    ensure_importable()
    import open_clip
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(config), "utf-8")
    torch.manual_seed(11)
    model = dict(config["model_cfg"])
    kind = open_clip.CustomTextCLIP if model.pop("custom_text", False) else open_clip.CLIP
    weights = {name: part.contiguous() for name, part in kind(**model).state_dict().items()}
    save_file(weights, folder / "open_clip_model.safetensors")
