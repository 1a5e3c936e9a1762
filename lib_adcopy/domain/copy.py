"""Describe what a writer makes: copy, and the drafts that stream in while it is being written."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.domain.review import Review


@dataclass(frozen=True)
class Copy:
    """One piece of ad copy. `writer` and `seed` make it reproducible.

    `tag_form` is how its platform writes a hashtag: "#{}#" on Weibo, "#{}" elsewhere.
    """

    title: str
    body: str
    hashtags: tuple[str, ...] = ()
    writer: str = ""
    seed: int = -1
    tag_form: str = "#{}"

    @property
    def text(self) -> str:
        """Title, body and hashtags as they are posted, empty parts left out."""
        return "\n".join(part for part in (self.title, self.body, self.tags) if part)

    @property
    def tags(self) -> str:
        """The hashtags as the platform writes them, in one line."""
        return " ".join(map(self.tag_form.format, self.hashtags))


@dataclass(frozen=True)
class Candidate:
    """A finished copy and what its review says of it."""

    copy: Copy
    review: Review


@dataclass(frozen=True)
class Draft:
    """The state of candidate `index` so far; `done` with its last. `tokens` and `seconds` are 0 where unknown."""

    index: int
    copy: Copy
    done: bool = False
    tokens: int = 0
    seconds: float = 0.0
