"""What stands in the boxes, as the use cases take it: an Ad."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import Field, fields_of, made_of
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.domain.photo import SceneChoice
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.domain.server import ServerSettings
from lib_adcopy.domain.writing import Sampling, WriteOptions
from lib_adcopy.hosts.base import HostCatalogue
from lib_adcopy.ui.session import Values

BRIEF = ("brief", *fields_of(Brief))
WRITING = (*fields_of(WriteOptions), *fields_of(Sampling))
# Whether the picture is made from the photo, the names of kept files, and where its product is set.
PHOTO_SOURCE = ("picture_from", "photo_kept", "reference_kept", *fields_of(SceneChoice))
DRAWING = (*fields_of(LayoutChoice), *fields_of(DrawSettings), *PHOTO_SOURCE)
# The settings a style or a format changes in the boxes.
ADVISED = tuple(name for name, row in fields_of(DrawSettings).items() if row.advised)
FIELDS: Mapping[str, Field] = {
    name: row
    for part in (Brief, WriteOptions, Sampling, Ad, SceneChoice, DrawSettings, LayoutChoice, ServerSettings)
    for name, row in fields_of(part).items()
}


def brief_settings(values: Values) -> dict[str, Any]:
    """Return the brief's settings in the boxes, as Brief's other fields."""
    return made_of(Brief, values)


def ad_of(values: Values, brief: Brief) -> Ad:
    """Return an ad of `brief` with every setting in the boxes.

    The copy is not in it. Boxes an event is not given keep their field's default.
    """
    writing = WriteOptions(**made_of(WriteOptions, values), sampling=Sampling(**made_of(Sampling, values)))
    prompt = Prompt(values["prompt"], values["negative_prompt"], style=values["style"]) if "prompt" in values else None
    drawing = DrawSettings(**made_of(DrawSettings, values))
    layout = LayoutChoice(**made_of(LayoutChoice, values))
    scene = SceneChoice(**made_of(SceneChoice, values))
    return Ad(
        brief, writing=writing, prompt=prompt, scene=scene, drawing=drawing, layout=layout, **made_of(Ad, values)
    )


def offered_by(host: HostCatalogue) -> dict[str, Callable[[], tuple[str, ...]]]:
    """Return the host's lists that a field's values come from, by the name a field knows them by."""
    return {
        "samplers": host.samplers,
        "schedulers": host.schedulers,
        "checkpoints": host.checkpoints,
        "upscalers": host.upscalers,
    }


def restorable(settings: Mapping[str, Any], host: HostCatalogue) -> dict[str, Any]:
    """Return settings out of a file, without the names this host does not offer, as the boxes show them."""
    offered = offered_by(host)
    return {
        name: FIELDS[name].show(value)
        for name, value in settings.items()
        if (FIELDS[name].offered_by not in offered) or value == "" or value in offered[FIELDS[name].offered_by]()
    }
