"""Loads an SD1.5 checkpoint in one .safetensors file as a diffusers pipeline, with no file from elsewhere.

The architecture is Stable Diffusion 1's (CompVis v1-inference); its widths are taken from the weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.model_family import family
from lib_adcopy.hosts.standalone.sampling import DEFAULT_SAMPLER, scheduler

_TEXT = "cond_stage_model.transformer."
_MULTIPLES = (1, 2, 4, 4)


def load_pipeline(file: Path, tokenizer: Any, device: str, dtype: Any) -> Any:
    """Load a StableDiffusionPipeline on `device`. Raises AdCopyError for a file that is no whole SD1.5 checkpoint."""
    from diffusers import AutoencoderKL, StableDiffusionPipeline, UNet2DConditionModel
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from transformers import CLIPTextConfig, CLIPTextModel

    if family(file) != "SD1":
        raise AdCopyError("hosts.not_sd15", name=file.name)
    try:
        weights = load_file(str(file))
        unet_config, vae_config = _unet_config(weights), _vae_config(weights)
        unet_weights = convert_ldm_unet_checkpoint(weights, unet_config)
        vae_weights = convert_ldm_vae_checkpoint(weights, vae_config)
        unet = _build_with_weights(lambda: UNet2DConditionModel(**unet_config), unet_weights)
        vae = _build_with_weights(lambda: AutoencoderKL(**vae_config), vae_weights)
        text = {name.removeprefix(_TEXT): weight for name, weight in weights.items() if name.startswith(_TEXT)}
        encoder = _build_with_weights(lambda: CLIPTextModel(CLIPTextConfig(**_text_config(text))), text)
    except (KeyError, IndexError, RuntimeError, ValueError, OSError, SafetensorError) as error:
        raise AdCopyError("hosts.broken_file", name=file.name) from error
    pipeline = StableDiffusionPipeline(
        vae=vae,
        text_encoder=encoder,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=scheduler(DEFAULT_SAMPLER),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device, dtype)


def _build_with_weights(build: Any, weights: dict[str, Any]) -> Any:
    """Build a model on the meta device and assign the file's weights. Raises KeyError for a missing one."""
    import torch

    with torch.device("meta"):
        model = build()
    # Older checkpoints store this table of 0..76, newer transformers makes it itself.
    weights.pop("text_model.embeddings.position_ids", None)
    missing, _ = model.load_state_dict(weights, strict=False, assign=True)
    if missing:
        raise KeyError(missing[0])
    for name, buffer in list(model.named_buffers()):
        if buffer.is_meta:
            owner, _, leaf = name.rpartition(".")
            model.get_submodule(owner).register_buffer(leaf, torch.arange(buffer.numel()).view(buffer.shape), False)
    return model.eval()


def _unet_config(weights: dict[str, Any]) -> dict[str, Any]:
    first = weights["model.diffusion_model.input_blocks.0.0.weight"]
    context = weights["model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight"].shape[1]
    crossed = ("CrossAttnDownBlock2D",) * 3
    return {
        "sample_size": 64,
        "in_channels": first.shape[1],
        "out_channels": 4,
        "down_block_types": (*crossed, "DownBlock2D"),
        "up_block_types": ("UpBlock2D", *("CrossAttnUpBlock2D",) * 3),
        "block_out_channels": tuple(first.shape[0] * multiple for multiple in _MULTIPLES),
        "layers_per_block": 2,
        "cross_attention_dim": context,
        # diffusers calls the number of heads so here; SD1 has eight.
        "attention_head_dim": 8,
        "use_linear_projection": False,
    }


def _vae_config(weights: dict[str, Any]) -> dict[str, Any]:
    width = weights["first_stage_model.encoder.conv_in.weight"].shape[0]
    return {
        "in_channels": 3,
        "out_channels": 3,
        "latent_channels": 4,
        "sample_size": 512,
        "block_out_channels": tuple(width * multiple for multiple in _MULTIPLES),
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
        "layers_per_block": 2,
        "scaling_factor": 0.18215,
    }


def _text_config(weights: dict[str, Any]) -> dict[str, Any]:
    vocabulary, width = weights["text_model.embeddings.token_embedding.weight"].shape
    layers = {name.split(".")[3] for name in weights if name.startswith("text_model.encoder.layers.")}
    return {
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": weights["text_model.encoder.layers.0.mlp.fc1.weight"].shape[0],
        "num_hidden_layers": len(layers),
        "num_attention_heads": width // 64,
        "max_position_embeddings": weights["text_model.embeddings.position_embedding.weight"].shape[0],
        "hidden_act": "quick_gelu",
    }
