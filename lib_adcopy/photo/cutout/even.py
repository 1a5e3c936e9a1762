"""Cut a product from an even ground (white, grey, one colour, a gradient): flood the ground up to the product's edges.

A ball rolls in from the border over everything but strong edges; its radius decides how wide a gap in the product's
outline holds it back. Soft shadows have the ground's hue and no sharp edge, so it rolls over them. Of the regions that
different balls and thresholds leave, the one is taken whose outline has an edge under it nearly everywhere while hardly
an edge lies outside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib_adcopy.photo.cutout.background import Background, fit_border, refine, to_lab
from lib_adcopy.photo.cutout.evidence import Evidence, gather
from lib_adcopy.photo.cutout.holes import open_holes

# Candidate thresholds in units of the ground's own edge noise, and radii of the ball in px.
_THRESHOLDS = tuple(np.geomspace(2.2, 36, 10))
_RADII = (1, 3, 8)
# An edge asks to be explained by the mask when it is this strong, in the same units, over this many px; a weaker one
# when it is longer.
_STRONG, _LONG = 5.0, 12
_WEAK, _LONGER = 2.6, 50
# Scores this close are the same; how many px compression may reach around a product.
_AS_GOOD, _SHAVED = 0.03, 7
_BLOCK = 17
# How deep in px a sliver of shadow may be.
_SLIVER = 12
# Largest and smallest part of the picture that a product may cover.
_AREA = (0.002, 0.92)
_SPECK = 0.0002


@dataclass(frozen=True)
class EvenCut:
    """`mask` True on the product, at the working size; `coverage` the part of its outline that has an edge under it,
    `unexplained` the part of the strong edges, those inside it left aside, that lies outside it."""

    mask: np.ndarray
    ground: Background
    coverage: float
    unexplained: float

    @property
    def score(self) -> float:
        return self.coverage * (1 - self.unexplained)


def cut_even(rgb: np.ndarray) -> EvenCut | None:
    """Cut at the size given (up to about a megapixel); None where no threshold separates anything."""
    import cv2

    lab = to_lab(rgb)
    ground = fit_border(lab)
    first = _best(_candidates(gather(lab, ground), ground, _THRESHOLDS[::2], _RADII[:2]))
    if first is None:
        return None
    # Once the product is known, the ground is followed more closely beside it; what it encloses may be its own.
    outside = ~cv2.dilate(first[1].mask.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    if outside.mean() > 0.02:
        ground = refine(lab, outside, ground, 0.05 * min(lab.shape[:2]))
    evidence = gather(lab, ground)
    found = _best(_candidates(evidence, ground, _THRESHOLDS, _RADII))
    if found is None:
        return None
    threshold, chosen = found
    mask = open_holes(chosen.mask, lab, ground, evidence, threshold)
    mask = _without_shade(_tightened(mask, evidence), evidence)
    mask = _without_specks(mask, evidence.distance, 1.0 + ground.noise[0])
    return EvenCut(mask, ground, chosen.coverage, chosen.unexplained) if mask.any() else None


def _best(candidates: list[tuple[float, EvenCut]]) -> tuple[float, EvenCut] | None:
    """Return the candidate that explains the edges best, with its threshold."""
    if not candidates:
        return None
    best = max(found.score for _, found in candidates)
    near = [(threshold, found) for threshold, found in candidates if found.score > best - _AS_GOOD]
    # A mask that is only the outline of a clear product explains as much as the whole product does.
    largest = max(int(found.mask.sum()) for _, found in near)
    whole = [(threshold, found) for threshold, found in near if found.mask.sum() > 0.8 * largest]
    return max(whole, key=lambda pair: (pair[1].score, pair[0]))


def _candidates(
    evidence: Evidence, ground: Background, thresholds: tuple[float, ...], radii: tuple[int, ...]
) -> list[tuple[float, EvenCut]]:
    """Return the masks that each threshold and each radius leave, with the threshold."""
    asking = _asking_edges(evidence.edge)
    found: list[tuple[float, EvenCut]] = []
    seen: set[int] = set()
    for threshold in thresholds:
        passable = (evidence.edge < threshold) & ~evidence.solid
        for radius in radii:
            reached = _flood(passable, radius)
            area = int(reached.sum())
            if area not in seen and _AREA[0] < 1 - area / reached.size < _AREA[1]:
                seen.add(area)
                mask = _without_specks(~reached)
                found.append((float(threshold), EvenCut(mask, ground, *_explained(mask, asking))))
    return found


def _asking_edges(edge: np.ndarray) -> np.ndarray:
    """Edges that ask to be explained: strong ones that are more than specks, weak ones that are long."""
    import cv2

    asking = np.zeros(edge.shape, bool)
    for strength, length in ((_STRONG, _LONG), (_WEAK, _LONGER)):
        _, labels, stats, _ = cv2.connectedComponentsWithStats((edge > strength).astype(np.uint8), connectivity=8)
        extent = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
        extent[0] = 0
        asking |= (extent >= length)[labels]
    # What compression leaves around a strong edge, within one of its blocks, asks for nothing.
    return asking & (edge > 0.15 * cv2.dilate(edge, np.ones((_BLOCK, _BLOCK), np.uint8)))


def _explained(mask: np.ndarray, asking: np.ndarray) -> tuple[float, float]:
    """Return which part of the outline has an edge within 3 px, and which part of the edges not inside lies outside."""
    import cv2

    bits, reach = mask.astype(np.uint8), np.ones((7, 7), np.uint8)
    outline = (bits - cv2.erode(bits, np.ones((3, 3), np.uint8), borderValue=1)).astype(bool)
    if not outline.any():
        return 0.0, 1.0
    near = cv2.dilate(asking.astype(np.uint8), reach).astype(bool)
    outside = asking & ~cv2.dilate(bits, reach).astype(bool)
    beside = asking & cv2.dilate(outline.astype(np.uint8), reach).astype(bool)
    return float(near[outline].mean()), float(outside.sum() / max(outside.sum() + beside.sum(), 1))


def _flood(passable: np.ndarray, radius: int) -> np.ndarray:
    """Return what a ball of `radius` px reaches from the border through `passable`, and the narrow ends it just
    misses."""
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    free = passable.astype(np.uint8)
    room = cv2.erode(free, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    count, labels = cv2.connectedComponents(room, connectivity=4)
    border = np.zeros(count, np.uint8)
    for line in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        border[line] = 1
    border[0] = 0
    reached = cv2.dilate(border[labels], kernel) & free
    small = np.ones((3, 3), np.uint8)
    for _ in range(2 + radius):
        reached = cv2.dilate(reached, small) & free
    return reached.astype(bool)


def _tightened(mask: np.ndarray, evidence: Evidence) -> np.ndarray:
    """Return the mask without what the camera's compression left around it: pixels outside its strongest edge that are
    far nearer to the ground's colour than the product beside them."""
    import cv2

    around = np.ones((_BLOCK, _BLOCK), np.uint8)
    peak = cv2.dilate(np.where(mask, evidence.distance, 0).astype(np.float32), around)
    crest = evidence.edge > 0.5 * cv2.dilate(np.where(mask, evidence.edge, 0).astype(np.float32), around)
    faint = ((evidence.distance < 0.3 * peak) & ~crest).astype(np.uint8)
    outside = 1 - mask.astype(np.uint8)
    for _ in range(_SHAVED):
        outside |= cv2.dilate(outside, np.ones((3, 3), np.uint8)) & faint
    return outside == 0


def _without_shade(mask: np.ndarray, evidence: Evidence) -> np.ndarray:
    """Return the mask without slivers of contact shadow: shade at its edge that no sharp crest parts from the
    ground."""
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    highest = cv2.dilate(np.where(mask, evidence.slope, 0).astype(np.float32), np.ones((9, 9), np.uint8))
    crest = (evidence.slope > 0.4 * highest) & (evidence.slope > 1.3 * evidence.wide_slope)
    crest = (evidence.edge > _STRONG) | (crest & (evidence.edge > 0.6 * _WEAK))
    passable = (evidence.shade & ~crest).astype(np.uint8)
    # A ball of a pixel, so that a broken edge still holds.
    room = cv2.erode(passable | (~mask).astype(np.uint8), kernel)
    reached = (~mask).astype(np.uint8)
    for _ in range(_SLIVER):
        reached |= cv2.dilate(cv2.dilate(reached & room, kernel) & room, kernel) & passable
    return reached == 0


def _without_specks(mask: np.ndarray, distance: np.ndarray | None = None, faintest: float = 0.0) -> np.ndarray:
    """Return the mask without dust, parts far smaller than the largest, and without parts no further than `faintest`
    from the ground's colour on average."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count < 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0
    kept = areas >= max(_SPECK * mask.size, 0.01 * areas.max())
    if distance is not None:
        means = np.bincount(labels.ravel(), distance.ravel(), minlength=count) / np.maximum(areas, 1)
        kept &= means > faintest
    return kept[labels]
