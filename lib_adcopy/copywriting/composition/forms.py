"""The grammatical form of a fact's text, which decides the frames it fits into."""

from __future__ import annotations

import re

# What begins a predicate: it stands alone after a subject that is left out, and takes 还 before it.
_VERBS = re.compile(
    r"^(?:可以|可|能|会|带(?!盆)|自带|附|附赠|送|赠|支持|不|免|无需|配(?!色)|配有|有|含|适合|适用|适配|通过|采用|用|做|加|"
    r"拍|买|满|领|包(?!装)|保|坏|破|约|上门|开|关|防|抗|耐|让|给|来自|产自|出自|始于)"
)
_EXTENDABLE = re.compile(r"^(?:可以|可(?!爱)|能|会|带(?!盆)|自带|附|支持|有(?!机)|送(?!给)|赠|配有|含)")
_LONGEST_EXTENDED = 9
_ADJECTIVES = re.compile(
    r"^(?:很|超|好|易|轻|薄|软|透气|亲肤|静音|清爽|百搭|耐)|(?:不黏|不粘腻|轻便|柔软|透气|顺滑|好搭|亲肤|细腻)$"
)
_COUNT = re.compile(r"^[约近共]?\d[\d.,/×x*~\-－—至]*\s*[a-zA-Z%°℃\u4e00-\u9fff]{0,3}(?:/\S+)?$")
_CLAUSE = re.compile(r"[，,。；;：:]|.(?:是|都|就|才|也|的时候|了$|着)|^(?:我|咱|本店|本人|我们|自家|店)")


def form_of(text: str) -> str:
    """Return "number", "clause", "verb", "adjective" or "noun", the first that fits."""
    if _COUNT.match(text):
        return "number"
    if len(text) > 12 or (len(text) > 5 and _CLAUSE.search(text)):
        return "clause"
    if _VERBS.match(text):
        return "verb"
    return "adjective" if _ADJECTIVES.search(text) else "noun"


def takes_also(text: str) -> bool:
    """Whether 还 reads well right before the text: 还带茶隔, 还可冲马桶."""
    return len(text) <= _LONGEST_EXTENDED and bool(_EXTENDABLE.match(text))
