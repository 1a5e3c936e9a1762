"""Server-sent events: the data of each, out of an answer's lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# The data of the last event, in OpenAI's form.
DONE = "[DONE]"


def event_data(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield each event's data; comments, which keep a connection open, and other fields have none.

    The standard drops an event that no blank line ends; here it counts where it is whole, since some servers close
    right after it.
    """
    data: list[str] = []
    for raw in lines:
        for line in raw.splitlines():
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" ").decode("utf-8", "replace"))
            elif not line and data:
                yield "\n".join(data)
                data = []
    rest = "\n".join(data)
    if rest == DONE or rest.endswith("}"):
        yield rest
