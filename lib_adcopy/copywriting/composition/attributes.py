"""Describe what an AdvertiseGen attribute is about: 裙领型 and 衣领型 are both about the collar."""

from __future__ import annotations

# By the part of the name that tells it; 袖 before 长, for a sleeve's length.
_KINDS = {
    "风格": "风格", "版型": "版型", "颜色": "颜色", "图案": "图案", "材质": "材质", "裙型": "形", "裤型": "形",
    "衣样式": "形", "裙长": "类型", "裤长": "类型", "类型": "类型", "裤口": "裤口", "下摆": "下摆", "门襟": "门襟",
    "款式": "款式", "领": "领", "袖": "袖", "腰": "腰", "长": "长",
}  # fmt: skip


def kind_of_attribute(name: str) -> str:
    """Return the kind of an attribute's name, "" for no name, "*" for one no kind knows."""
    return next((kind for part, kind in _KINDS.items() if part in name), "*") if name else ""
