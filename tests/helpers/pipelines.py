"""A tiny random Stable unCLIP pipeline, in the files that the catalog's has on the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bowerbird.engines import catalog
from bowerbird.engines.torchvision_operators import ensure_importable

WIDE = 32
# Its pictures: 8 places of the latent, each of 2 pixels.
SIDE = 16
ROW = catalog.generators()[0]


def write_pipeline(folder: Path) -> Path:
    """Save a pipeline with random weights, always the same; returns the folder."""
    ensure_importable()
    import torch
    from diffusers import StableUnCLIPImg2ImgPipeline

    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    parts: Any = _parts(_tokenizer(folder / "tokenizer"))
    StableUnCLIPImg2ImgPipeline(**parts).save_pretrained(folder)
    # As the hub has it: the words of the tokenizer, not how a newer library writes them down.
    _tokenizer(folder / "tokenizer")
    for left in folder.rglob("*"):
        if left.is_file() and left.relative_to(folder).as_posix() not in ROW.files:
            left.unlink()
    return folder


def _tokenizer(folder: Path) -> Any:
    from transformers import CLIPTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    words = ["<|startoftext|>", "<|endoftext|>", "a</w>", "b</w>", "a", "b"]
    (folder / "vocab.json").write_text(json.dumps({word: at for at, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    special = {"bos_token": words[0], "eos_token": words[1], "unk_token": words[1]}
    (folder / "special_tokens_map.json").write_text(json.dumps(special))
    config = {**special, "pad_token": "!", "model_max_length": 8}
    config["tokenizer_class"] = "CLIPTokenizer"
    config["pad_token"] = words[1]
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return CLIPTokenizer.from_pretrained(folder)


def _parts(tokenizer: Any) -> dict[str, Any]:
    from diffusers import AutoencoderKL, DDIMScheduler, DDPMScheduler, UNet2DConditionModel
    from diffusers.pipelines.stable_diffusion.stable_unclip_image_normalizer import (
        StableUnCLIPImageNormalizer,
    )
    from transformers import (
        CLIPImageProcessor,
        CLIPTextConfig,
        CLIPTextModel,
        CLIPVisionConfig,
        CLIPVisionModelWithProjection,
    )

    small = {
        "hidden_size": WIDE,
        "intermediate_size": WIDE,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "projection_dim": WIDE,
    }
    text = CLIPTextConfig(
        vocab_size=6, max_position_embeddings=8, bos_token_id=0, eos_token_id=1, pad_token_id=1,
        **small,
    )  # fmt: skip
    return {
        "feature_extractor": CLIPImageProcessor(
            crop_size={"height": 16, "width": 16}, size={"shortest_edge": 16}
        ),
        "image_encoder": CLIPVisionModelWithProjection(
            CLIPVisionConfig(image_size=16, patch_size=8, **small)
        ),
        "image_normalizer": StableUnCLIPImageNormalizer(embedding_dim=WIDE),
        "image_noising_scheduler": DDPMScheduler(beta_schedule="squaredcos_cap_v2"),
        "tokenizer": tokenizer,
        "text_encoder": CLIPTextModel(text),
        "unet": UNet2DConditionModel(
            sample_size=8,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
            block_out_channels=(8, 16),
            norm_num_groups=4,
            attention_head_dim=4,
            class_embed_type="projection",
            projection_class_embeddings_input_dim=2 * WIDE,
            cross_attention_dim=WIDE,
            layers_per_block=1,
        ),
        "scheduler": DDIMScheduler(),
        "vae": AutoencoderKL(
            block_out_channels=(8, 8),
            norm_num_groups=4,
            down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
            up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
        ),
    }
