"""Deep paraphrases by hand: the same facts, hardly a clause as it was.

    python -m benchmarks.reuse_paraphrases [--write]

Reuse does not promise to find these; the figure says how far it is from it.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.machine import put_section
from benchmarks.reuse_texts import ROOT
from nlp.alignment import align
from nlp.fingerprints import stock_hashes
from nlp.reuse import Side, judge, side
from nlp.types import Draft, Paragraph
from samples.sources import load

BY_HAND = {
    "临溪县委组织部/02-mobile-party-class": (
        "把讲台搭在晒谷坪上，是临溪县今年夏天党课的新样子。由36位理论、农技和道德方面的能人组成的一支"
        "宣讲队，从四月起走村串户，谁想听什么先报上来，支部派活，队员认领，每次只讲一刻钟。讲稿一共备了"
        "28份，政策和种田手艺都有。年纪大走不动的，有人拿着平板到家里放，这样的上门已有1140人次。到五月"
        "末，讲了173场，听的人超过八千六，顺手带回来的214条意见也都分给了各部门。"
    ),
    "云泽市人力资源和社会保障局党组/06-night-market-jobs": (
        "逛夜市的云泽人今年多了一件事：找工作。市人社部门在六个夜市支起摊子，天黑前开张，九点收工，两个"
        "多月里来了一千四百多家企业，三万多个岗位任人挑，最后真正上班的有2380人。讨薪、合同、工伤的事也能"
        "当场问，127万元被拖欠的工钱就是这么要回来的。简历写不好，有老师帮着改。九月半以前天天有，"
        "学生另有专场。残疾人和脱贫户不用排队。"
    ),
    "云泽市国资委党委/06-tourism-cruise": (
        "坐船看夜景成了云泽暑假最红火的生意。两个月里，云河上的游船开了一千八百多趟，载客近22万，比上年"
        "多了三分之一还强，光票钱就有1744万。船上能听评弹、买手作，走哪条线自己挑。以前排队要等五十分钟，"
        "现在约好时段再来，十八分钟就能上船。也有人抱怨车没处停、船上东西贵，这类意见有41条，都在三天里"
        "给了答复。国庆还要添两条画舫，末班船也会晚开。"
    ),
    "望岚县委组织部/05-first-secretary-well": (
        "十几年吃水靠挑的茅塘村，终于有了自己的井。打到86米见水那天，全村47户都跑上了后山。牵头的是去年夏天"
        "从水利局来的第一书记沈砚青，进村头一天看见有人挑水，他就把这件事记下了。跑山、看图、请专家，钱从"
        "帮扶单位争取了38万，人工是党员和乡亲自己出的，前后两个月多一点就通了水。多出来的水也不闲着，"
        "村里盘算着种三十亩菜。"
    ),
    "清漪区委组织部/09-points-market": (
        "做好事攒下的分，在清漪区可以换米换油。榆钱街的集市八月中旬开张，程立夏把防汛和助学得来的120分，"
        "换成东西送给了结对的老人；像她这样转送出去的分占了七成。分怎么给，看学习、看服务、看急事难事上不上，"
        "再听听群众怎么说，月月张榜。东西是商家和企业捐的，不动党费。全区一万两千多名党员有了账本，"
        "做志愿的时间比去年多了四成。"
    ),
    "清漪区委组织部/10-selection-exam": (
        "想进清漪区直机关，先得下社区转上半天。今年的遴选面试不出书面怪题，八十多名街道乡镇干部头一天自己去"
        "看、去问，第二天讲讲发现了什么毛病、打算怎么治。给分的人里有部门领导，也有社区书记；平时在基层干得"
        "怎么样，要算三成。纪委和代表全程盯着，分数当场亮。主办方说，这样选来的人，两年里没有一个试用不过关。"
    ),
    "清漪区委组织部/11-training-menu": (
        "在清漪区委党校上课有点像下馆子：九十六门课分成必修、选修、实训，各人照着岗位点。政治课仍是大头；"
        "选修由十来个部门出题；实训要去信访大厅和车间待着。毕业交的不是论文，是自己岗位上一道难题的答案。"
        "上半年五个班出来386人，几乎都说好，最抢手的是教人怎么应付舆情、怎么开群众会。"
    ),
    "白芦县委组织部/08-elder-party-school": (
        "老同志上党课不用再往城里跑了。芦溪康养社区九月挂出牌子，三十八位离退休党员当天就在二楼坐下来听讲，"
        "字幕放大了，助听器备好了，轮椅也推得上来。上午讲道理，下午唱歌种花学手机，旁边有医生照看。十二位"
        "出不了门的，由在职党员到床前去讲。这样的点年内还要添八个，好让全县一千七百多位老党员都能就近来。"
    ),
}


def main() -> None:
    """Print, and with ``--write`` put into docs/benchmarks.md."""
    originals = {
        s.key: [x for x in s.lines if not x.startswith("#")]
        for s in load(ROOT / "samples" / "drafts")
    }
    common = np.sort(np.fromiter(stock_hashes(), dtype=np.uint64))
    found, equal = 0, []
    for key, text in BY_HAND.items():
        a, b = _side(originals[key]), _side([text])
        spans = align(a.folded.text, b.folded.text)
        found += judge(a, b, spans, common) is not None
        equal.append(sum(span.matched for span in spans) / len(b.folded.text))
    line = (
        f"Found: **{found} of {len(BY_HAND)}**. On average {np.mean(equal):.1%} of such a text is"
        f" equal to its original in passages of 13 characters or more (most: {max(equal):.1%})."
    )
    print(line)
    if "--write" in sys.argv:
        put_section("paraphrase", [line])


def _side(lines: list[str]) -> Side:
    return side(Draft(1, "", tuple(Paragraph("body", "", line) for line in lines)))


if __name__ == "__main__":
    main()
