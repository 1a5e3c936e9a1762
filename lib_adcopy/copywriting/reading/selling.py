"""Reads what the words around a thing tell of it: that it is for sale, or only comes along, fits it or is spoken of."""

from __future__ import annotations

import re

# What follows these words in a phrase is not what is for sale: 送收纳袋, 可冲马桶, 适合微波炉.
_ASIDE = re.compile(
    "(?:[送赠附带含配放搭进变伤冲入防替像似擦连接插给当用于跟陪免去除泡换加有抵像到在做代]|不要|(?<!公)开|[按像][^，。]{0,8}|(?<![拼组新童包精平简散罐瓶盒袋])装|可以|搭配|适合|适用|适配|兼容|专用)的?$"
)
# Where or by whom a thing is used, and how: 家用除湿机, 手冲咖啡杯.
_FOR_USE = re.compile("(?:[家商车军民日农两多]用|户外用|室内用|办公用|厨房用|[儿童宝妇人猫狗犬]用|手[冲擦替])$")
_SUITS = re.compile("适合|适配|适用|用于|代替|可放|兼容|可以|搭配|赠送")
# A word that makes the noun before it a taste, a colour, a drawing or a shape.
_NOT_THE_THING = re.compile(
    "^(?:式(?!样)|不[送含带附]|没有|另[购售]|自备|味(?!精|噌|增)|口味|风味|香味|香(?!水|薰|皂|囊|肠|炉|膏|氛|菇)|色|馅|夹心|图案|印花|造型|形(?!象)|纹|元素|元素|质感|控|党|[一两三四五半]+[年个月天]|况|评|友|迷|邮|补|换|赔|退|活|教|友好|专用|适用|可用|通用|里|上|中|内|旁|(?:那么|这么|一样|一般)?[大小](?=$|[，,。；;！!]|的)|大小)"
)
# Behind these words a seller names what he sells, in whatever clause.
_SELLING = re.compile(
    "(?:(?:我|咱|俺)们?(?:家|爸|妈|爷爷|奶奶|外婆|姥姥|婆婆|公公)?(?:自己|自家)?[种养酿晒腌榨]|换成|换了|入手|批了|(?<![购就别要不])买了?(?!.*送)|装[了上]|(?<!热)卖(?!点)|推荐?|上新|上架|(?:^|[^\u4e00-\u9fff]|[这那的款次回天种家个批台件品们本团])是|[做写]|(?<![泡切打展揭掰撕煮用必])开|(?<![推演输支付发])出(?!片|门|风|口)|包了|用上了?|挑了?|只上|给(?:这|我们)?)"
    "(?:了)?(?:[一二三四五六七八九十两几\\d]+[多来]?年)?(?:[一这那两几三四五六七八九十百\\d]*[个款台条只件双套份种篇把支批斤]|几[盆个款]|一点|点)?(?:[^，。]{0,6}的[\u4e00-\u9fff]{0,3})?$"
)
_OURS = re.compile("(?:我们|咱们?|本店|小店)(?:家|店)?的$")
_POINTING = re.compile(
    "(?:这|此|本)(?:款|个|只|条|件|台|把|双|套|种)?[\u4e00-\u9fff]{0,4}|(?:我们|咱们?)(?:家|店)(?:的|这款|这个)?"
)
# What the text is to be of: 帮我写个皮具体验课的推文.
_TASK = re.compile(
    "(?:写|编|做|发|来|出|想|要)(?:一|几)?[个条篇段份则]?(?:关于|介绍|推荐|宣传)?(?P<what>[^，。；\n]{2,24}?)(?:的|，)?"
    "(?:推文|文案|笔记|广告|朋友圈|软文|帖子?|种草|介绍|标题|脚本|稿子?|详情页?|短文|小作文)"
)
_ABOUT = re.compile("(?:写|推|聊|说|讲|关于)[^，。]{0,8}关于[^，。]{0,8}$|关于(?:我们?家?)?[^，。]{0,6}的?$")
# The shop's own sign names its trade.
_OWN = re.compile("(?:推荐)?(?:我们?家?店?|咱们?家?|自家|本店|小店)(?:里|做|产|种|卖|养)?的")
_MADE_FROM = re.compile("材料|原料|(?<![台厅室房外内家车床宿店馆])用的是?|采用|选用|用了|成分|选的是")
_ONE_OF_TWO = re.compile(r"(?:一个|另一个|第[一二]个|一款|另一款|一样)是.{0,4}$")
# What somebody else does or is; nothing that is for sale stands in such a clause: 她以前在食堂管锅, 垫子我们有.
_OF_SOMEBODY = re.compile(
    "^(?:别|切勿|她|他|它们?|孩子|老师|客人|邻居|同事)(?!家|的)|"
    "[^的](?:这边|我们|店里|现场|馆里|教室|都)(?:都?有|提供|备好|准备)|自己带$|自[备带理取]"
)
# A thing to be had beside the product, for more: 租帐篷另加120.
_FOR_MORE = re.compile("另加|另收|另付|另算|加钱|加\\d+元?$|加价")
# Where the shop is, and how one gets there.
_ON_THE_WAY = re.compile(
    "(?:在|离|从|走|坐|到)[^，。]{0,12}(?:后门|前门|门口|对面|旁边|隔壁|公里|站|路)|最后一段|不好停|能进$"
)
# Behind these a single character ends a verb: 可剪, 要牵绳, 自己带, 介意别拍.
_NO_THING_BEFORE = re.compile("(?:[可能会要需好己别勿不先再就没去来给帮管牵自随乱慢]|介意)$")


def leads_aside(before: str, *, straight: bool = False) -> bool:
    """Return whether what follows in a phrase comes along or only fits the product; `straight` behind the last words
    only."""
    straight_before = bool(_ASIDE.search(before)) and not _FOR_USE.search(before)
    return straight_before or (not straight and bool(_SUITS.search(before)))


def is_no_thing(behind: str) -> bool:
    """Return whether what stands behind a noun makes it a taste, a drawing, a place."""
    return bool(_NOT_THE_THING.match(behind))


def is_offered(led: str) -> bool:
    """Return whether the words straight before a noun say that it is what the seller sells."""
    is_said = any(pattern.search(led) for pattern in (_SELLING, _ONE_OF_TWO, _ABOUT, _OURS))
    return is_said and not is_made_from(led)


def is_ours(led: str) -> bool:
    """Return whether the words straight before a noun end in the shop's own: 为什么我们的..."""
    return bool(_OURS.search(led))


def points_at(before: str) -> bool:
    """Return whether all that stands before a noun in its phrase points at it: 这款台灯, 我们家猫砂."""
    return bool(_POINTING.fullmatch(before))


def is_made_from(led: str) -> bool:
    """Return whether the words before a noun make it what the product is made of."""
    return bool(_MADE_FROM.search(led))


def is_substance(plain: str, start: int, end: int, run_start: int) -> bool:
    """Return whether a noun only says what something named before it is made of: 猫砂是豆腐的."""
    return bool(re.match("的(?![\u4e00-\u9fff])", plain[end : end + 2])) and bool(
        re.search("[\u4e00-\u9fff]{2,}(?:都|全)?[是用]$", plain[run_start:start])
    )


def is_own(text: str) -> bool:
    """Return whether a phrase begins with the shop's own: 我们家的..."""
    return bool(_OWN.match(text))


def told_task(text: str) -> tuple[int, int] | None:
    """Return where in a clause the thing stands that a text is asked for, None where none is asked for."""
    task = _TASK.search(text)
    return task.span("what") if task else None


def speaks_of_another(text: str) -> bool:
    """Return whether a clause tells of people, of the way, or of what costs more, and not of what is for sale."""
    return bool(_OF_SOMEBODY.search(text) or _FOR_MORE.search(text) or _ON_THE_WAY.search(text))


def is_verb(text: str, head: str) -> bool:
    """Return whether the last character of an unknown word, a thing's by itself, ends a verb: 可剪."""
    return len(head) == 1 and bool(_NO_THING_BEFORE.search(text[: -len(head)]))
