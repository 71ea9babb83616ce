"""Numbers with their units, and dates, as whole words."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from lunheng.text import fold

_NUMBER = r"(?:\d[\d.,]*%?|[〇零一二两三四五六七八九十百千几]+)"
_MAGNITUDE = r"[多余]?(?:十|百|千)?[万亿]?亿?[多余]?"
_UNIT = (
    "(?:人民币|平方米|平方公里|立方米|美元|欧元|日元|英镑|港元|港币|公里|千米|厘米|毫米|公斤|千克|"
    "分钟|小时|世纪|年代|个月|星期|摄氏度|百分点|[个位名家间所座辆台部本篇封张条只头匹件套双"
    "次届场轮回岁元块角吨克斤米度倍层楼号点分秒周天人字种项])"
)
_DATE = (
    rf"{_NUMBER}年代|{_NUMBER}年(?:{_NUMBER}月)?(?:{_NUMBER}[日号])?"
    rf"|{_NUMBER}月(?:{_NUMBER}[日号])?|{_NUMBER}[日号]"
    rf"|{_NUMBER}[时点](?:{_NUMBER}分)?(?:{_NUMBER}秒)?"
)
_WHOLE = re.compile(rf"{_DATE}|第?{_NUMBER}{_MAGNITUDE}{_UNIT}")


def joined(text: str, ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the ends of words once numbers and units, and the parts of dates, are one word.

    What is joined begins and ends where words do; otherwise it is left as it was cut.
    """
    edges = {0, *ends.tolist()}
    inside: set[int] = set()
    for found in _WHOLE.finditer(fold(text)):
        if found.start() in edges and found.end() in edges:
            inside.update(range(found.start() + 1, found.end()))
    if not inside:
        return ends
    return np.array([end for end in ends.tolist() if end not in inside], np.int32)
