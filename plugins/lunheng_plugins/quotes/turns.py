"""Turns of an interview: which labels are speakers, and where each speech begins and ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lunheng.documents import Block, Document, Turn
from lunheng.text import fold
from lunheng_plugins.quotes.lexicon import Labels

_LABEL = re.compile(
    r"^[ \t\u3000]*(?P<open>\*\*|__|[【\[])?[ \t\u3000]*"
    r"(?P<name>[^\s:：，,。！？!?；;“”\"「」『』《》【】\[\]*（）()|｜]"
    r"(?:[^\n:：，,。！？!?；;“”\"「」『』《》【】\[\]*（）()|｜]{0,22}?"
    r"[^\s:：，,。！？!?；;“”\"「」『』《》【】\[\]*（）()|｜])?)"
    r"[ \t\u3000]*(?:[（(][^（）()\n]{1,30}[）)])?[ \t\u3000]*"
    r"(?:[:：｜|][ \t\u3000]*(?:\*\*|__|[】\]])?"
    r"|(?:\*\*|__|[】\]])[ \t\u3000]*[:：｜|]|】)[ \t\u3000]*",
    re.M,
)
_NUMBERED = re.compile(r"(?<=[a-z问答])\d{1,3}$")
_COUNTED = re.compile(
    r"^(?:第?[\d一二三四五六七八九十百]+[、.．)）点条步章节部]?|[\d.\-/年月日时分秒 ]+)$"
)
_LATIN_NAME = re.compile(r"^[A-Z][A-Za-z.'\- ]{1,22}$")
_CHINESE = re.compile(r"^[㐀-鿿·•]+$")
_ASKS = frozenset(("q", "问", "提问"))
_ANSWERS = frozenset(("a", "答", "回答"))
_INTERVIEWED = re.compile(
    r"(?:对话|专访|对谈|访谈|采访|受访者|嘉宾)[:,|\s]*(?P<who>[一-鿿]{2,4}?)(?=[:,。、|(\s—医教先女]|$)"
)
_INTRODUCED = re.compile(r"(?m)^\s*(?P<who>[一-鿿]{2,4}),")
_INTERVIEWER = re.compile(
    r"(?P<who>[一-鿿A-Za-z]{2,8}?)(?:独家)?(?:对话|专访|采访|访问|与)(?:了)?[一-鿿]{2,4}(?:谈|聊|做了|进行|[,。:])"
    r"|(?:(?<=[,。\n ])|^)《?(?P<host>[一-鿿A-Za-z]{2,8}?)》?"
    r"(?:(?:近日|日前|特地|专门|[和与跟请约同找]到?了?(?:[他她]|[一-鿿]{2,4}?)(?:来|坐下)?(?:谈|聊))"
    r"|(?:在[^,。\n]{1,16})?(?:采访|专访)了?[他她])"
)
_EDITORS_NOTE = re.compile(
    r"\s*(?:[（(【\[※*＊●■]|[-—=_]{2,}|相[关關]|本文|原文|全文|[编編]者|更多|推[荐薦]|延伸|作者|[来來]源|[责責]|整理|[声聲]明|"
    r"免[责責]|歡迎|欢迎|(?:点|點)[击擊个個]|[扫掃][码碼]|版[权權]|[转轉][载載]|往期|[订訂][阅閱]|[关關]注|"
    r"[图圖][说說源]|(?:长|長)按|[举舉][报報]|分享|[热熱][门門])"
)
_LEAST_SPEAKERS = 2
_LEAST_USES = 5
_SHARE_OF_LINES = 0.6
_COLON_LATER = re.compile(r"[^\n:：]{1,40}[:：]")
_PUT_OFF = ("heading", "caption", "furniture")


@dataclass(frozen=True, slots=True)
class _Label:
    key: str
    written: str
    start: int
    end: int


def find_turns(document: Document, labels: Labels) -> list[Turn]:
    """Return the turns of a document in ascending order.

    A label stands at a line's start before a colon, is used at least twice, and has the shape of
    a person, a role or a medium, or takes part in a dialogue that fills the page.
    """
    text = document.text
    candidates = [
        c for c in _candidates(text, labels) if _kind(document.blocks, c.start) != "caption"
    ]
    speakers = _speakers(candidates, labels, text)
    uses = [c for c in candidates if c.key in speakers]
    if uses:
        speakers = {**speakers, **_named_roles(text, uses[0].start, set(speakers), labels)}
    turns = []
    for number, use in enumerate(uses):
        last = number + 1 == len(uses)
        limit = len(text) if last else uses[number + 1].start
        end = _end_of_speech(document, use.end, limit, last)
        if end > use.end:
            turns.append(Turn(speakers[use.key], use.end, end, use.start, use.end))
    return turns


def _candidates(text: str, labels: Labels) -> list[_Label]:
    found = []
    for match in _LABEL.finditer(text):
        written = match["name"]
        key = _NUMBERED.sub("", fold(written, case=True).replace(" ", ""))
        if not key or key in labels.not_speakers or _COUNTED.match(key):
            continue
        if key.endswith(labels.speech_endings) and key not in labels.roles:
            continue
        if match[0].rstrip()[-1] in "｜|" and _COLON_LATER.match(text, match.end()):
            continue
        start = match.start("open") if match["open"] else match.start("name")
        found.append(_Label(key, written, start, match.end()))
    return found


def _speakers(candidates: Sequence[_Label], labels: Labels, text: str) -> dict[str, str]:
    """Return the accepted label keys, each with the one name its speaker goes by."""
    counts = Counter(c.key for c in candidates)
    repeated = {key for key, n in counts.items() if n >= 2}
    written = {c.key: c.written for c in candidates if c.key in repeated}
    shaped = {key for key in repeated if _names_someone(key, written[key], labels)}
    if shaped:
        partners = _alternating(candidates, repeated)
        accepted = shaped | {k for k in repeated if partners.get(k, set()) & shaped}
    else:
        accepted = set()
    if _fill_the_page([c for c in candidates if c.key in repeated], text):
        accepted |= repeated
    spellings: dict[str, Counter[str]] = {}
    for c in candidates:
        if owner := _owner(c.key, accepted):
            spellings.setdefault(owner, Counter())[c.written] += c.key == owner
    names = {key: counter.most_common(1)[0][0] for key, counter in spellings.items()}
    return {
        c.key: names[owner] for c in candidates if (owner := _owner(c.key, accepted)) is not None
    }


def _named_roles(text: str, head: int, keys: set[str], labels: Labels) -> dict[str, str]:
    """Return who asks and who answers under Q and A, 问 and 答, when the page's head says so."""
    top = fold(text[:head])
    names: dict[str, str] = {}
    for match in (*_INTERVIEWED.finditer(top), *_INTRODUCED.finditer(top)):
        start, end = match.span("who")
        if labels.is_name(top[start:end]):
            names["answers"] = text[start:end]
            break
    if asker := _INTERVIEWER.search(top):
        group = "who" if asker["who"] else "host"
        names["asks"] = text[slice(*asker.span(group))]
    roles = dict.fromkeys(keys & _ASKS, "asks") | dict.fromkeys(keys & _ANSWERS, "answers")
    return {key: names[role] for key, role in roles.items() if role in names}


def _owner(key: str, accepted: set[str]) -> str | None:
    """Return the accepted label that ``key`` is, or shortens: 志飞 of 李志飞, 南湖 of 南湖周刊."""
    longer = [
        a for a in accepted if len(a) > len(key) >= 2 and (a.startswith(key) or a.endswith(key))
    ]
    if len(longer) == 1:
        return longer[0]
    return key if key in accepted else None


def _alternating(candidates: Sequence[_Label], repeated: set[str]) -> dict[str, set[str]]:
    """Return for each repeated label those that stand directly before or after it twice or more."""
    order = [c.key for c in candidates if c.key in repeated]
    pairs = Counter(frozenset(pair) for pair in pairwise(order) if pair[0] != pair[1])
    partners: dict[str, set[str]] = {}
    for pair, n in pairs.items():
        if n >= 3:
            for key in pair:
                partners.setdefault(key, set()).update(pair - {key})
    return partners


def _fill_the_page(uses: Sequence[_Label], text: str) -> bool:
    """Tell whether most lines from the first use of a label to the last begin with one.

    So it is in a thread, whose speakers have names of any shape.
    """
    if len({use.key for use in uses}) < _LEAST_SPEAKERS or len(uses) < _LEAST_USES:
        return False
    between = text[uses[0].start : uses[-1].end].split("\n")
    lines = sum(1 for line in between if line.strip())
    return len(uses) >= _SHARE_OF_LINES * lines


def _names_someone(key: str, written: str, labels: Labels) -> bool:
    if key in labels.roles or (key.endswith(labels.media_endings) and len(key) <= 12):
        return True
    if _LATIN_NAME.match(written):
        return len(written) > 1
    if not _CHINESE.match(key):
        return False
    if "·" in key or "•" in key:
        return True
    given = len(key) - (2 if key.startswith(labels.compound_surnames) else 1)
    return given in (1, 2) and (
        key[0] in labels.surnames or key.startswith(labels.compound_surnames)
    )


def _end_of_speech(document: Document, start: int, limit: int, last: bool) -> int:
    """Return where the speech from ``start`` ends before ``limit``.

    Blocks that are no speech are cut from its end; the last speech of a page ends at the first
    heading or piece of furniture, because what follows it is the writer's again.
    """
    text = document.text
    end = start
    if not document.blocks:
        end = limit
    for block in document.blocks[max(0, bisect_right(document.blocks, start, key=_start) - 1) :]:
        if block.start >= limit:
            break
        own = block.start <= start < block.end
        if last and not own and _EDITORS_NOTE.match(text, block.start):
            break
        if not own and block.kind in _PUT_OFF:
            if last and block.kind != "caption":
                break
            continue
        end = min(block.end, limit)
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _start(block: Block) -> int:
    return block.start


def _kind(blocks: Sequence[Block], at: int) -> str:
    position = bisect_right(blocks, at, key=_start) - 1
    return blocks[position].kind if position >= 0 and at < blocks[position].end else "paragraph"
