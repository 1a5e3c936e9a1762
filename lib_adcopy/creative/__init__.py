"""Copy and picture, or type alone, set as a finished creative at a platform's size. Needs Pillow and a CJK font."""

from lib_adcopy.creative.compose import compose
from lib_adcopy.creative.fonts import find_font

__all__ = ["compose", "find_font"]
