"""Creatives: a brief's facts, a copy and a picture set in a layout at every platform's size, labelled and checked.

plan_content -> choose_layouts -> arrange -> paint -> export. Needs Pillow, numpy and a font with Chinese.
"""

from lib_adcopy.creative.content import Content, Price
from lib_adcopy.creative.fonts import find_font

__all__ = ["Content", "Price", "find_font"]
