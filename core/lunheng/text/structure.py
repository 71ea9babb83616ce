"""Cut a text into blocks and quote-aware sentences."""

from __future__ import annotations

import re

from lunheng.documents import Block, BlockKind, Span
from lunheng.native.structure import line_spans, sentence_spans
from lunheng.text.folding import fold

LONGEST_HEADING = 45
LONGEST_FURNITURE = 200

# The characters that a caption or a piece of furniture may begin with.
BEGINNINGS = frozenset(
    "0123456789(【[图题配封制摄供资表示效新中本视▲△↑阅浏点播评赞踩收转分原文章信内稿来出链连网地"
    "作撰责策校审排运编译微公头记采主请注标该站平以如若版©C免风特郑声温友欲更欢长扫关在打下A客a上"
    "相热推延最精全猜复返展登首正朋Q广发留关T#目暂时日更修字h-—=*·完ET 举查继仅"
)

# All patterns are matched on folded lines: simplified characters, half-width marks.
_CAPTION = re.compile(
    r"""[(【\[]?\s*
    (?: (?:图片?|题图|配图|封面图?|制图|摄影|图注|图说|供图|资料图片?)
          (?:来源|来自|源|片?说明)?\s*[:丨|/]
      | (?:题图|图片?|封面)(?:来自|源自)
      | (?:资料|配|示意|效果)图片?[)】\]]?$
      | (?:新华社|中新社|本报|视觉中国)[^。?!]{0,20}(?:摄|供图)[)】\]]?$
      | [▲△↑]\s*\S
      | (?:图|表)\s*\d{1,2}\s*[:.、\s] )""",
    re.VERBOSE,
)
_FURNITURE = re.compile(
    r"""
    (?: \d+\s*(?:评论|浏览|阅读|收藏|点赞|赞|踩|分享|转发|分钟)\s*)+ $
    | (?:阅读|浏览|点击|播放|评论|点赞|赞|踩|收藏|转发|分享)(?:量|数|次数)?\s*[:(]?\s*
      \d[\d.,]*\s*[万w+]*\s*次?\)? $
    | (?:原文|文章|信息|资料|内容|稿件|新闻)?(?:来源|出处)\s*[:丨|]
    | (?:本文|原文|文章|本篇)?(?:链接|连结|网址|地址)\s*:
    | (?:作者|文|撰文|责编|责任编辑|出品|策划|校对|审校|排版|运营|编译|译者
        |微信公众号|公众号|头图)\s*[:丨|│/·] [^。?!]{0,30} $
    # Those who also speak: what follows their colon must look like names, not like speech.
    | (?:编辑|记者|采访|主持人?)\s*[:丨|│/·] \s*
      [^\s,。?!、/:丨|│]{1,6} (?:[\s、/:丨|│]+[^\s,。?!、/:丨|│]{1,6}){0,6} $
    | (?:转载|转发)?请?(?:注明|标明)(?:文章|原文)?(?:出处|来源)
    | 转载(?:请|自|须|时|需|或)
    | (?:本文|该文|文章|本站|本平台|以上|图文)(?:仅|系|为|由|来自|来源|经|转载|观点|内容|版权|原创)
      .*(?:转载|观点|立场|授权|发布|版权|作者|投稿|来源|整理|侵权|网络)
    | (?:如有|若有|如涉|如涉及|如存在).{0,6}侵权
    | 版权(?:归|属).{0,12}所有 | 版权所有 | (?:©|Copyright\b)
    | (?:免责|版权|风险|特别|郑重)(?:声明|提示) | (?:作者|原创)?声明\s*:
    | (?:温馨|风险|友情)(?:提示|提醒)\s*:
    | (?:欲知)?更多(?:精彩)?(?:资讯|内容)?.{0,12}请?(?:关注|下载|扫码)
    | (?:欢迎|点击|长按|扫码|扫描|微信扫一?码?).{0,30}
      (?:关注|订阅|二维码|阅读原文|下载|在看|分享)
    | (?:微信)?扫一扫.{0,20} $
    | 关注.{0,20}(?:公众号|微信号)
    | (?:在|打开|下载)?\s*(?:APP|App|app|客户端)\s*[内中]?(?:打开|查看|阅读|下载) .{0,10} $
    | [上下]一[篇条页]
    | (?:相关|热门|推荐|延伸|更多|最新|精彩|全部)
      (?:推荐|阅读|文章|新闻|话题|链接|资讯|评论)\s*:?\s*$
    | 猜你喜欢\s*:?\s*$
    | (?:分享|转发|收藏|点赞|打赏|赞赏|评论|举报|复制链接|返回(?:顶部|首页)|责任编辑|展开全文
        |(?:展开|点击|继续)?(?:阅读|查看)(?:全文|更多|全部)|登录|注册|首页|正文|朋友圈|QQ空间
        |新浪微博|广告)
      (?:[\s|·/,、至到>]*(?:分享|转发|收藏|点赞|打赏|评论|举报|反馈|微信|新浪微博|微博|朋友圈
        |QQ空间|QQ好友|QQ|登录|注册|新闻|财经|科技|复制链接))* \s*:?\s* $
    | (?:评论|发表评论|留言)请?先?登录
    | (?:标签|关键词|关键字|Tags?|TAGS?)\s*:
    | (?:\#[^\s\#]{1,20}\#?\s*){2,} $
    | (?:\d+\.\s*)?目前(?:还没|还没有|暂无)评论 | 暂无评论
    | (?:发布|更新|发表)?(?:时间|日期)\s*:\s*\d
    | (?:发布|发表|更新|编辑|修改|首发)于\s*[\d昨今前刚].{0,40} $
    | 字体\s*:\s*[大中小默]
    | \d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?
      (?:\s*(?:来源|作者).{0,30})? $
    | https?://\S+ $
    | \(\d+\) $
    | [-—=*·(\s]{0,4}(?:完|全文完|END|End|The\ End|THE\ END)[-—=*·)\s]{0,4} $
    """,
    re.VERBOSE,
)
_LIST_ITEM = re.compile(
    r"""(?: [-*+•·●○■◆▪►✓✔]\s+
      | \d{1,2}(?:[.、)]\s*(?!\d)|\s+(?=[^\s\d]{12}))
      | \([\d一二三四五六七八九十]{1,2}\)
      | [①-⑳] )\S""",
    re.VERBOSE,
)
_MARKED_HEADING = re.compile(
    r"""\#{1,6}\s+\S
    | 第[一二三四五六七八九十百\d]{1,3}[章节部篇回讲](?:\s|:|$)
    | [一二三四五六七八九十]{1,3}[、.]\s*\S
    | (?:0\d|Part\s*\.?\s*\d{1,2}|PART\s*\.?\s*\d{1,2})\s*\S?""",
    re.VERBOSE,
)
# What is no heading: several sentences, and a question of several clauses.
_SENTENCES = re.compile("[。?!;].|,.*,.*[?]$")
_LABEL = re.compile(r"""[^,。!?“”"「」]{1,14}:""")
_STOPS_BUT_QUOTES = "。!;,、….:"
_STOPS = _STOPS_BUT_QUOTES + "”」』"


def blocks(text: str) -> tuple[Block, ...]:
    r"""Return the blocks of a text: every line that is not blank, and what kind of block it is.

    Kinds follow the habits of scraped articles: one line a paragraph, section headings without a
    stop, and among them page furniture (share bars, bylines, reprint notices, related links)
    and captions.

    >>> [block.kind for block in blocks("來源：某報\n一、起點\n他走了，再也沒有回來。")]
    ['furniture', 'heading', 'paragraph']
    """
    spans = line_spans(text).tolist()
    folded = fold(text)
    kinds = [_kind(folded[start : min(end, start + LONGEST_FURNITURE + 1)]) for start, end in spans]
    lengths = [end - start for start, end in spans]
    for i, kind in enumerate(kinds):
        if kind == "heading" and not _MARKED_HEADING.match(folded, spans[i][0]):
            kinds[i] = "heading" if _stands_alone(i, kinds, lengths) else "paragraph"
    return tuple(Block(kind, *span) for kind, span in zip(kinds, spans, strict=True))


def _kind(line: str) -> BlockKind:
    """Return what a folded line is by itself; a heading without a mark is only a candidate."""
    if len(line) > LONGEST_FURNITURE:
        return "list_item" if _LIST_ITEM.match(line) else "paragraph"
    if line[0] in BEGINNINGS:
        if _CAPTION.match(line):
            return "caption"
        if _FURNITURE.match(line):
            return "furniture"
    short = len(line) <= LONGEST_HEADING
    if short and line[-1] not in _STOPS_BUT_QUOTES and _MARKED_HEADING.match(line):
        return "heading"
    short = short and line[-1] not in _STOPS and not _SENTENCES.search(line)
    if _LIST_ITEM.match(line):
        return "list_item"
    return "heading" if short and not _LABEL.match(line) else "paragraph"


def _stands_alone(i: int, kinds: list[BlockKind], lengths: list[int]) -> bool:
    """Whether the short line i heads something: the first line, or a longer one follows."""
    if i == 0:
        return len(kinds) > 1
    after = next((k for k in range(i + 1, len(kinds)) if kinds[k] != "caption"), None)
    return after is not None and kinds[after] != "furniture" and lengths[after] > lengths[i]


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of a text, never across a line end.

    Stops within quotation marks, brackets and titles do not end the sentence around them; the
    marks that close after a stop belong to it.

    >>> text = "他说：“走吧。快走！”大家都走了。"
    >>> [span.of(text) for span in sentences(text)]
    ['他说：“走吧。快走！”', '大家都走了。']
    """
    return tuple(Span(start, end) for start, end in sentence_spans(text).tolist())
