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

# Candidate thresholds in units of the ground's own edge noise, and radii of the ball in px.
_THRESHOLDS = np.geomspace(2.0, 40, 14)
_RADII = (1, 3, 6, 10)
# From this strength, in the same units, and over this many px an edge asks to be explained by the mask.
_STRONG, _LONG = 5.0, 12
# Scores this close are the same; how many px compression may reach around a product.
_AS_GOOD, _SHAVED = 0.03, 5
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
    lab = to_lab(rgb)
    ground = fit_border(lab)
    first = _separate(lab, ground)
    if first is None:
        return None
    # Once the product is known, the ground is followed more closely beside it.
    import cv2

    sigma = 0.05 * min(lab.shape[:2])
    outside = ~cv2.dilate(first.mask.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    if outside.mean() < 0.02:
        return first
    second = _separate(lab, refine(lab, outside, ground, sigma))
    return second if second is not None else first


def _separate(lab: np.ndarray, ground: Background) -> EvenCut | None:
    edge, solid, distance = _evidence(lab, ground)
    edge /= _edge_noise(edge)
    candidates = _candidates(edge, solid, ground)
    if not candidates:
        return None
    best = max(found.score for _, found in candidates)
    near = [(threshold, found) for threshold, found in candidates if found.score > best - _AS_GOOD]
    # A mask that is only the outline of a clear product explains as much as the whole product does.
    largest = max(int(found.mask.sum()) for _, found in near)
    whole = [(threshold, found) for threshold, found in near if found.mask.sum() > 0.8 * largest]
    threshold, chosen = max(whole, key=lambda pair: (pair[1].score, pair[0]))
    mask = _without_holes(chosen.mask, lab, ground, edge, threshold, solid)
    mask = _without_specks(_tightened(mask, distance))
    if not mask.any():
        return None
    return EvenCut(mask, ground, chosen.coverage, chosen.unexplained)


def _candidates(edge: np.ndarray, solid: np.ndarray, ground: Background) -> list[tuple[float, EvenCut]]:
    """The masks that each threshold and each radius leave, with the threshold."""
    strong = _long_edges(edge)
    found: list[tuple[float, EvenCut]] = []
    seen: set[int] = set()
    for threshold in _THRESHOLDS:
        passable = (edge < threshold) & ~solid
        for radius in _RADII:
            reached = _flood(passable, radius)
            area = int(reached.sum())
            if area not in seen and _AREA[0] < 1 - area / reached.size < _AREA[1]:
                seen.add(area)
                mask = _without_specks(~reached)
                found.append((float(threshold), EvenCut(mask, ground, *_explained(mask, strong))))
    return found


def _tightened(mask: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """The mask without what the camera's compression left around it: pixels at its edge that are far nearer to the
    ground's colour than the product beside them."""
    import cv2

    peak = cv2.dilate(np.where(mask, distance, 0).astype(np.float32), np.ones((11, 11), np.uint8))
    faint = (distance < 0.3 * peak).astype(np.uint8)
    bits = mask.astype(np.uint8)
    outside = 1 - bits
    for _ in range(_SHAVED):
        outside |= cv2.dilate(outside, np.ones((3, 3), np.uint8)) & faint
    return outside == 0


def _evidence(lab: np.ndarray, ground: Background) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edge strength per pixel (Lab units per px, soft edges of the ground's hue discounted), which pixels have a
    colour that neither the ground nor a shadow on it has, and how far each is from the ground's colour."""
    import cv2

    smooth = cv2.GaussianBlur(lab, (0, 0), 1.0)
    difference = smooth - ground.colour
    darker = -difference[..., 0]
    # A shadow scales luminance; chroma in Lab goes down with lightness about as much.
    kept = np.clip(smooth[..., 0] / np.maximum(ground.colour[..., 0], 1), 0, 1)
    hue_shift = np.linalg.norm(smooth[..., 1:] - ground.colour[..., 1:] * kept[..., None], axis=-1)
    hue_shift = np.minimum(hue_shift, np.linalg.norm(difference[..., 1:], axis=-1))
    light_noise, chroma_noise = ground.noise
    solid = hue_shift > 6 + 3 * chroma_noise
    solid |= darker > 0.6 * ground.colour[..., 0]
    solid |= -darker > 6 + 4 * light_noise
    gradients = [_gradient(smooth[..., channel]) for channel in range(3)]
    edge = np.sqrt(gradients[0] ** 2 + gradients[1] ** 2 + gradients[2] ** 2)
    kernel = np.ones((9, 9), np.uint8)
    light = np.ascontiguousarray(smooth[..., 0])
    span = cv2.dilate(light, kernel) - cv2.erode(light, kernel)
    sharp = np.clip((gradients[0] / np.maximum(span, 0.5) - 0.14) / 0.12, 0, 1)
    shadowed = (darker > -1) & (hue_shift < 3 + 2 * chroma_noise)
    discount = np.where(shadowed, 0.2 + 0.8 * sharp, 1.0)
    return (edge * discount).astype(np.float32), solid, np.linalg.norm(difference, axis=-1)


def _gradient(channel: np.ndarray) -> np.ndarray:
    import cv2

    channel = np.ascontiguousarray(channel)
    return np.hypot(cv2.Sobel(channel, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(channel, cv2.CV_32F, 0, 1, ksize=3)) / 8


def _edge_noise(edge: np.ndarray) -> float:
    """The edge strength that the ground's own noise reaches, from the border."""
    ring = max(3, round(min(edge.shape) * 0.03))
    lines = (edge[:ring], edge[-ring:], edge[:, :ring], edge[:, -ring:])
    border = np.concatenate([line.ravel() for line in lines])
    return max(float(np.percentile(border, 75)), 0.12)


def _long_edges(edge: np.ndarray) -> np.ndarray:
    """Strong edges that are more than specks of noise."""
    import cv2

    found = (edge > _STRONG).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    extent = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    extent[0] = 0
    return (extent >= _LONG)[labels]


def _explained(mask: np.ndarray, strong: np.ndarray) -> tuple[float, float]:
    """Which part of the outline has an edge within 3 px, and which part of the edges lies outside."""
    import cv2

    bits = mask.astype(np.uint8)
    outline = (bits - cv2.erode(bits, np.ones((3, 3), np.uint8), borderValue=1)).astype(bool)
    near = cv2.dilate(strong.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    outside = strong & ~cv2.dilate(bits, np.ones((7, 7), np.uint8)).astype(bool)
    if not outline.any():
        return 0.0, 1.0
    beside = cv2.dilate(outline.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    return float(near[outline].mean()), float(outside.sum() / max(outside.sum() + (strong & beside).sum(), 1))


def _flood(passable: np.ndarray, radius: int) -> np.ndarray:
    """What a ball of `radius` px reaches from the border through `passable`, and the narrow ends it just misses."""
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    free = passable.astype(np.uint8)
    room = cv2.erode(free, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    _, labels = cv2.connectedComponents(room, connectivity=4)
    border = np.zeros(labels.max() + 1, np.uint8)
    for line in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        border[line] = 1
    border[0] = 0
    reached = cv2.dilate(border[labels], kernel) & free
    small = np.ones((3, 3), np.uint8)
    for _ in range(2 + radius):
        reached = cv2.dilate(reached, small) & free
    return reached.astype(bool)


def _without_holes(
    mask: np.ndarray, lab: np.ndarray, ground: Background, edge: np.ndarray, threshold: float, solid: np.ndarray
) -> np.ndarray:
    """Open the holes through which the ground is seen: enclosed, smooth, and of the ground's own colour."""
    import cv2

    quiet = mask & (edge < threshold) & ~solid
    count, labels, stats, _ = cv2.connectedComponentsWithStats(quiet.astype(np.uint8), connectivity=4)
    if count < 2:
        return mask
    difference = lab - ground.colour
    opened = mask.copy()
    for number in range(1, count):
        if stats[number, cv2.CC_STAT_AREA] < max(25, 0.0001 * mask.size):
            continue
        x, y, w, h = stats[number, :4]
        part = labels[y : y + h, x : x + w] == number
        values = difference[y : y + h, x : x + w][part]
        light, chroma = abs(values[:, 0].mean()), float(np.linalg.norm(values[:, 1:].mean(0)))
        spread = values[:, 0].std()
        if light < 1.2 and chroma < 1.0 and spread < 1.0 + 1.5 * ground.noise[0]:
            grown = cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
            opened[y : y + h, x : x + w][grown] = False
    return opened


def _without_specks(mask: np.ndarray) -> np.ndarray:
    """The mask without dust: parts far smaller than the largest."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count < 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.flatnonzero(areas >= max(_SPECK * mask.size, 0.01 * areas.max()))
    return np.isin(labels, kept)
