"""The choice of a decoder for the device a model is on."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.decoder import Decoder
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.plain_decoder import PlainDecoder


def open_decoder(model: ChatGLM, cache: Cache, rows: Sequence[int], position_ids: torch.Tensor, limit: int) -> Decoder:
    """Open a decoder of one answer for each of `rows`, rows of the prefill's `cache`.

    `position_ids` (answers, 2, 1) are those of the last token read; the cache never grows beyond `limit` columns.
    """
    if model.device.type == "cuda":
        from lib_adcopy.chatglm.graph_decoder import open_graph_decoder

        graph_decoder = open_graph_decoder(model, cache, rows, position_ids, limit)
        if graph_decoder is not None:
            return graph_decoder
    return PlainDecoder(model, cache, rows, position_ids, limit)
