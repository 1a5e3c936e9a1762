"""Describe what the command line and the tab call: one request, and creatives, thumbnails and previews made of it.

A request is made once for an ad. Its pictures keep their analysis, so that a preview after an edit is quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative import label as labels
from lib_adcopy.creative.arrange import arrange
from lib_adcopy.creative.brand import BrandKit
from lib_adcopy.creative.canvas import Arrangement, Order
from lib_adcopy.creative.content import Content
from lib_adcopy.creative.emblems import emblem_for
from lib_adcopy.creative.formats import Format, get_format
from lib_adcopy.creative.layout import Layout, get_layout
from lib_adcopy.creative.metrics import cost
from lib_adcopy.creative.palettes import Palette
from lib_adcopy.creative.picture import AnalysedPicture
from lib_adcopy.creative.planning import named_product, plan_content
from lib_adcopy.creative.render import Rendered, paint, render
from lib_adcopy.creative.selection import Subject, choose, palette_for, ranked
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from PIL.Image import Image

AUTO = "auto"
# The layout of formats on which platforms allow no text.
WHITE = "white-ground"
_THUMBNAIL, _PREVIEW = 240, 540
# An arrangement that costs less is taken as it is; else so many layouts are tried.
_GOOD, _TRIED = 0.6, 7


@dataclass(frozen=True)
class Request:
    """Everything a creative is made of but its format.

    `layout` is a layout's name or "auto"; `palette` a palette's name or "" for one that suits. `label` is the visible
    AI label's wording, "" for none. `edits` are slots set by hand (Content.edited), `nudges` move or size the group
    of a slot ("left", "right", "up", "down", "larger", "smaller"); `backed` puts a plate under all type on pictures.
    `product` is what the brief names, of which there may be a drawing.
    """

    content: Content
    text: str = ""
    category: str = "other"
    tone: str = "natural"
    pictures: tuple[AnalysedPicture, ...] = ()
    layout: str = AUTO
    palette: str = ""
    brand: BrandKit = field(default_factory=BrandKit)
    label: str = ""
    corner: str = ""
    seed: int = 0
    edits: Mapping[str, str | None] = field(default_factory=dict)
    nudges: Mapping[str, str] = field(default_factory=dict)
    backed: bool = False
    product: str = ""

    @property
    def subject(self) -> Subject:
        """Return what the choice of a layout depends on."""
        return Subject(self.filled, self.text, self.category, self.tone, self.pictures, self.product)

    @property
    def filled(self) -> Content:
        """The content with the brand's words and the edits."""
        content = self.content
        if self.brand.name:
            content = replace(content, brand=self.brand.name)
        if self.brand.slogan and not content.subline:
            content = replace(content, subline=self.brand.slogan)
        return content.edited(self.edits)


def request_for(
    brief: Brief,
    copy: Copy | None = None,
    pictures: Sequence[AnalysedPicture] = (),
    *,
    label: bool | None = None,
    **options: Any,
) -> Request:
    """Return the request for a brief: slots planned, the AI label on as its language has it by default."""
    return Request(
        content=plan_content(brief, copy, seed=options.get("seed", 0)),
        text=brief.text,
        product=named_product(brief),
        category=brief.category,
        tone=brief.tone,
        pictures=tuple(pictures),
        label=labels.default_wording(brief.language, label),
        **options,
    )


def make(request: Request, format_name: str) -> Rendered:
    """Return the creative at a format. Raises AdCopyError for an unknown format or layout, or where no font has
    Chinese."""
    return paint(_best(request, get_format(format_name)))


def _best(request: Request, format_: Format) -> Arrangement:
    """Return the arrangement in the chosen layout; where that loses a headline or covers the product, in one that does
    not."""
    made = arrange(order_for(request, format_))
    if request.layout != AUTO or not format_.text or cost(made) < _GOOD:
        return made
    others = [layout for layout in layouts_for(request)[:_TRIED] if layout != made.order.layout]
    # Begun at the seed, so that another seed still comes to another layout.
    turn = request.seed % len(others) if others else 0
    tried = [made]
    for layout in (*others[turn:], *others[:turn]):
        tried.append(arrange(order_for(request, format_, layout)))
        if cost(tried[-1]) < _GOOD:
            return tried[-1]
    return min(tried, key=cost)


def order_for(request: Request, format_: Format, layout: Layout | None = None) -> Order:
    """Return what `render` takes: layout and palette chosen, slots the platform forbids left out."""
    if not format_.text:
        if not request.pictures:
            raise AdCopyError("creative.needs_picture", name=format_.name)
        layout = get_layout(WHITE)
    layout = layout or chosen_layout(request)
    return Order(
        content=request.filled if format_.text else Content(),
        layout=layout,
        format=format_,
        palette=_palette(request, layout),
        pictures=request.pictures,
        label=request.label if format_.text else "",
        label_corner=request.corner or request.brand.corner,
        logo=request.brand.open_logo() if format_.text else None,
        seed=request.seed,
        mirrored=layout.mirrors and request.seed % 4 == 3,
        nudges=request.nudges,
        backed=request.backed,
        families=request.brand.fonts,
        emblem="" if request.pictures else emblem_for(request.product),
    )


def chosen_layout(request: Request) -> Layout:
    """Return the layout that is forced, or the one that the seed chooses among those that suit."""
    return choose(request.subject, request.seed) if request.layout == AUTO else get_layout(request.layout)


def _palette(request: Request, layout: Layout) -> Palette:
    return palette_for(layout, request.subject, request.seed, request.brand.colours, request.palette)


def layouts_for(request: Request) -> list[Layout]:
    """Layouts that can set this ad, the most fitting first."""
    return ranked(request.subject)


def thumbnails(
    request: Request, format_name: str, count: int = 8, width: int = _THUMBNAIL
) -> Iterator[tuple[str, Image]]:
    """(layout name, small picture) of this ad in its most fitting layouts."""
    format_ = get_format(format_name)
    small = format_.scaled(width / format_.width)
    for layout in layouts_for(request)[:count]:
        yield layout.name, render(order_for(request, small, layout)).image


def preview(request: Request, format_name: str, width: int = _PREVIEW) -> Rendered:
    """Return the creative drawn smaller, to be seen while it is edited."""
    format_ = get_format(format_name)
    return paint(_best(request, format_.scaled(min(1.0, width / format_.width))))
