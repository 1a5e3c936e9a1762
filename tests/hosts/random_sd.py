"""A Stable Diffusion 1 checkpoint, a LoRA and embeddings of random weights, laid out as published files are."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from safetensors.torch import save_file

MULTIPLES = (1, 2, 4, 4)


@dataclass(frozen=True)
class Sizes:
    """Widths of the parts, and the text encoder's layers."""

    unet: int
    vae: int
    text: int
    layers: int


TINY = Sizes(unet=32, vae=32, text=64, layers=2)
# The published model's.
FULL = Sizes(unet=320, vae=128, text=768, layers=12)


class Weights(dict):
    """Tensors by name, filled as they are asked for."""

    def __init__(self, sizes):
        self.sizes = sizes

    def conv(self, name, out, given, size=3):
        self[f"{name}.weight"] = torch.randn(out, given, size, size) / (given * size * size) ** 0.5
        self[f"{name}.bias"] = torch.zeros(out)

    def linear(self, name, out, given, bias=True):
        self[f"{name}.weight"] = torch.randn(out, given) / given**0.5
        if bias:
            self[f"{name}.bias"] = torch.zeros(out)

    def norm(self, name, width):
        self[f"{name}.weight"] = torch.ones(width)
        self[f"{name}.bias"] = torch.zeros(width)


def unet_block(w, name, given, out):
    w.norm(f"{name}.in_layers.0", given)
    w.conv(f"{name}.in_layers.2", out, given)
    w.linear(f"{name}.emb_layers.1", out, w.sizes.unet * 4)
    w.norm(f"{name}.out_layers.0", out)
    w.conv(f"{name}.out_layers.3", out, out)
    if given != out:
        w.conv(f"{name}.skip_connection", out, given, 1)


def attention(w, name, width):
    w.norm(f"{name}.norm", width)
    w.conv(f"{name}.proj_in", width, width, 1)
    block = f"{name}.transformer_blocks.0"
    for which, context in (("attn1", width), ("attn2", w.sizes.text)):
        w.linear(f"{block}.{which}.to_q", width, width, bias=False)
        w.linear(f"{block}.{which}.to_k", width, context, bias=False)
        w.linear(f"{block}.{which}.to_v", width, context, bias=False)
        w.linear(f"{block}.{which}.to_out.0", width, width)
    w.linear(f"{block}.ff.net.0.proj", width * 8, width)
    w.linear(f"{block}.ff.net.2", width, width * 4)
    for number in (1, 2, 3):
        w.norm(f"{block}.norm{number}", width)
    w.conv(f"{name}.proj_out", width, width, 1)


def unet(w, channels=4):
    root = "model.diffusion_model"
    w.linear(f"{root}.time_embed.0", w.sizes.unet * 4, w.sizes.unet)
    w.linear(f"{root}.time_embed.2", w.sizes.unet * 4, w.sizes.unet * 4)
    w.conv(f"{root}.input_blocks.0.0", w.sizes.unet, channels)
    width, kept, number = w.sizes.unet, [w.sizes.unet], 1
    for level, multiple in enumerate(MULTIPLES):
        for _ in range(2):
            unet_block(w, f"{root}.input_blocks.{number}.0", width, w.sizes.unet * multiple)
            width = w.sizes.unet * multiple
            if level < 3:
                attention(w, f"{root}.input_blocks.{number}.1", width)
            kept.append(width)
            number += 1
        if level < 3:
            w.conv(f"{root}.input_blocks.{number}.0.op", width, width)
            kept.append(width)
            number += 1
    unet_block(w, f"{root}.middle_block.0", width, width)
    attention(w, f"{root}.middle_block.1", width)
    unet_block(w, f"{root}.middle_block.2", width, width)
    number = 0
    for level in (3, 2, 1, 0):
        for turn in range(3):
            name = f"{root}.output_blocks.{number}"
            unet_block(w, f"{name}.0", width + kept.pop(), w.sizes.unet * MULTIPLES[level])
            width = w.sizes.unet * MULTIPLES[level]
            if level < 3:
                attention(w, f"{name}.1", width)
            if turn == 2 and level > 0:
                w.conv(f"{name}.{2 if level < 3 else 1}.conv", width, width)
            number += 1
    w.norm(f"{root}.out.0", width)
    w.conv(f"{root}.out.2", 4, width)


def vae_block(w, name, given, out):
    w.norm(f"{name}.norm1", given)
    w.conv(f"{name}.conv1", out, given)
    w.norm(f"{name}.norm2", out)
    w.conv(f"{name}.conv2", out, out)
    if given != out:
        w.conv(f"{name}.nin_shortcut", out, given, 1)


def vae_middle(w, name, width):
    vae_block(w, f"{name}.mid.block_1", width, width)
    w.norm(f"{name}.mid.attn_1.norm", width)
    for part in ("q", "k", "v", "proj_out"):
        w.conv(f"{name}.mid.attn_1.{part}", width, width, 1)
    vae_block(w, f"{name}.mid.block_2", width, width)


def vae(w):
    root, top = "first_stage_model", w.sizes.vae * MULTIPLES[-1]
    w.conv(f"{root}.encoder.conv_in", w.sizes.vae, 3)
    width = w.sizes.vae
    for level, multiple in enumerate(MULTIPLES):
        for number in range(2):
            vae_block(w, f"{root}.encoder.down.{level}.block.{number}", width, w.sizes.vae * multiple)
            width = w.sizes.vae * multiple
        if level < 3:
            w.conv(f"{root}.encoder.down.{level}.downsample.conv", width, width)
    vae_middle(w, f"{root}.encoder", top)
    w.norm(f"{root}.encoder.norm_out", top)
    w.conv(f"{root}.encoder.conv_out", 8, top)
    w.conv(f"{root}.decoder.conv_in", top, 4)
    vae_middle(w, f"{root}.decoder", top)
    width = top
    for level in (3, 2, 1, 0):
        for number in range(3):
            vae_block(w, f"{root}.decoder.up.{level}.block.{number}", width, w.sizes.vae * MULTIPLES[level])
            width = w.sizes.vae * MULTIPLES[level]
        if level > 0:
            w.conv(f"{root}.decoder.up.{level}.upsample.conv", width, width)
    w.norm(f"{root}.decoder.norm_out", width)
    w.conv(f"{root}.decoder.conv_out", 3, width)
    w.conv(f"{root}.quant_conv", 8, 8, 1)
    w.conv(f"{root}.post_quant_conv", 4, 4, 1)


def text_encoder(w):
    root = "cond_stage_model.transformer.text_model"
    w[f"{root}.embeddings.token_embedding.weight"] = torch.randn(49_408, w.sizes.text) * 0.5
    w[f"{root}.embeddings.position_embedding.weight"] = torch.randn(77, w.sizes.text) * 0.1
    for layer in range(w.sizes.layers):
        name = f"{root}.encoder.layers.{layer}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            w.linear(f"{name}.self_attn.{part}", w.sizes.text, w.sizes.text)
        w.linear(f"{name}.mlp.fc1", w.sizes.text * 4, w.sizes.text)
        w.linear(f"{name}.mlp.fc2", w.sizes.text, w.sizes.text * 4)
        w.norm(f"{name}.layer_norm1", w.sizes.text)
        w.norm(f"{name}.layer_norm2", w.sizes.text)
    w.norm(f"{root}.final_layer_norm", w.sizes.text)


def checkpoint(file, sizes=TINY, channels=4):
    """A checkpoint; one of nine channels is as those trained to inpaint."""
    torch.manual_seed(5)
    w = Weights(sizes)
    unet(w, channels)
    vae(w)
    text_encoder(w)
    save_file({name: value.half() for name, value in w.items()}, file)


def make(home, sizes=TINY):
    """models/Stable-diffusion/random.safetensors, models/Lora/add_detail.safetensors, two embeddings under `home`."""
    folders = {name: home / "models" / name for name in ("Stable-diffusion", "Lora", "embeddings")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    checkpoint(folders["Stable-diffusion"] / "random.safetensors", sizes)
    lora = {}
    for side in ("to_q", "to_k", "to_v"):
        target = f"lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_{side}"
        lora[f"{target}.lora_down.weight"] = torch.randn(4, sizes.unet * 4) / 4
        lora[f"{target}.lora_up.weight"] = torch.randn(sizes.unet * 4, 4)
        lora[f"{target}.alpha"] = torch.tensor(4.0)
    save_file(lora, folders["Lora"] / "add_detail.safetensors")
    save_file({"emb_params": torch.randn(8, sizes.text)}, folders["embeddings"] / "EasyNegative.safetensors")
    hands = {"string_to_param": {"*": torch.randn(6, sizes.text)}, "name": "badhandv4"}
    torch.save(hands, folders["embeddings"] / "badhandv4.pt")
