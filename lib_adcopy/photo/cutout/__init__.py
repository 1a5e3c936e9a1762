"""Cuts the product out of a photo: what the product covers, with soft edges free of the old ground's colour."""

from lib_adcopy.photo.cutout.cutout import ASK_BELOW, Cutout, Segmenter, cut_out

__all__ = ["ASK_BELOW", "Cutout", "Segmenter", "cut_out"]
