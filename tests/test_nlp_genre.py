"""Genre: one plain case each, the cues that are shown, and how often the starter drafts are hit."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import starter
from nlp.genre import PRIOR, guess_genre
from nlp.genre_counts import counted_cues
from nlp.length import default_limits
from nlp.types import Draft, Paragraph


def draft(title: str, *lines: str) -> Draft:
    paragraphs = (Paragraph("title", "", title), *(Paragraph("body", "", line) for line in lines))
    return Draft(1, title, paragraphs)


CASES = {
    "动态": draft(
        "柳湾镇举办村干部培训班", "近日，柳湾镇举办村干部培训班，23个村的46名村干部参加，为期两天。"
    ),
    "经验": draft(
        "禾阳县以联村党委推动产业振兴",
        "近年来，禾阳县把产业相近的村联成片区。",
        "一是建组织，成立联村党委11个，县委组织部统一选派书记。",
        "二是强产业，盘活厂房41处，村集体平均增收12万元。",
    ),
    "问题": draft(
        "流动党员管理中存在的问题值得关注",
        "调研发现，部分支部对流动党员管理不到位。一是联系不经常，个别党员半年没有音讯。"
        "二是学习难组织，有的支部只发文件。建议建立联系卡。",
    ),
    "建议": draft("关于改进党员冬训的建议", "建议：一是分类办班，二是送学上门，三是减少照本宣科。"),
    "调研报告": draft(
        "关于社区工作者队伍建设的调研报告",
        "近期，调研组走访26个社区，发放问卷500份。",
        "一、基本情况。全市有社区工作者1800名。",
        "二、存在问题。待遇偏低，流失率高。",
        "三、对策建议。建立等级薪酬。",
    ),
    "讲话": draft(
        "在全县组织工作会议上的讲话", "同志们：今天会议的任务是部署工作。下面，我讲三点意见。"
    ),
    "通知": draft(
        "关于做好党费收缴工作的通知",
        "各乡镇党委：现就党费收缴工作通知如下。一、按月收缴。二、按时上交。请于月底前报送。",
    ),
    "评论": draft(
        "莫让学习走了样",
        "学习不是打卡，积分不等于觉悟。古人说，学而不思则罔。只有真学，才能真用；"
        "不能把笔记的厚薄当作收获的多少，更不能用展板代替心得。少一些形式，多一些实在，"
        "学到的才是自己的，走得才能更远、更稳。让我们从一本书、一件小事做起，日积月累，久久为功。",
    ),
    "信访": draft(
        "群众来信反映村务不公开情况的核查",
        "5月6日，收到群众来信，反映某村账目不公开。经查，反映情况部分属实，已督促公开并答复举报人。",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_plain_case_of_each_genre(code: str) -> None:
    genre = guess_genre(CASES[code])
    assert genre.code == code
    assert 1 <= len(genre.cues) <= 4
    assert 0.3 < genre.probability <= 1


def test_codes_are_those_of_the_length_rules() -> None:
    assert set(PRIOR) == set(default_limits()) == set(CASES)


def test_cues_say_what_was_seen_strongest_first() -> None:
    genre = guess_genre(CASES["讲话"])
    assert genre.cues == ("标题写明是讲话或致辞", "开头称呼听众", "对着会场说话", "正文称呼听众")
    assert genre.probability > 0.95


def test_traditional_script_has_the_same_cues() -> None:
    given_draft = draft(
        "在全縣組織工作會議上的講話", "同志們：今天會議的任務是部署工作。下面，我講三點意見。"
    )
    assert guess_genre(given_draft) == guess_genre(CASES["讲话"])


def test_signature_and_attachment_are_no_cues() -> None:
    plain = CASES["动态"]
    lines = ("同志们：", "现将有关事项通知如下", "经查，举报属实")
    noisy = (
        Paragraph("signature", "", lines[0]),
        *(Paragraph("attachment", "", line) for line in lines),
    )
    assert guess_genre(Draft(1, plain.title, (*plain.paragraphs, *noisy))) == guess_genre(plain)
    # the control: as body they do count
    body = tuple(Paragraph("body", "", line) for line in lines)
    assert guess_genre(Draft(1, plain.title, (*plain.paragraphs, *body))) != guess_genre(plain)


def test_starter_drafts_are_mostly_recognised() -> None:
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for sample in starter.load():
        total[sample.genre] += 1
        hits[sample.genre] += guess_genre(sample.draft()).code == sample.genre
    assert sum(hits.values()) / sum(total.values()) >= 0.81
    assert min(hits[genre] / total[genre] for genre in total) >= 0.6, (hits, total)


def test_no_text_gives_a_faint_guess() -> None:
    genre = guess_genre(Draft(1, "", ()))
    assert genre.code in PRIOR
    assert genre.probability < 0.5
    assert genre.cues == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_no_text_makes_it_fail(title: str, body: str) -> None:
    genre = guess_genre(draft(title, body))
    assert genre.code in PRIOR
    assert 0 < genre.probability <= 1


@pytest.mark.parametrize("unit", ["一是有的", "问题现状", "“难", "。各个单位", "1,2.3", "近日，"])
def test_long_and_repetitive_text_stays_cheap(unit: str) -> None:
    given_draft = draft(unit * 50, unit * 20_000)
    guess_genre(given_draft)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("推进产业链党建的实践与思考", "调研报告"),
        ("关于城市小区党建情况的调查", "调研报告"),
        ("干部兼职管理中的三个漏洞", "问题"),
        ("乡镇干部流失现象应引起重视", "问题"),
        ("多措并举破解基层治理突出问题", "经验"),
        ("关于用活乡土人才的几点建议", "建议"),
        ("基层党务干部能力提升刍议", "建议"),
        ("党员活动场所管理规定", "通知"),
        ("探索建立干部政治素质考察办法", "经验"),
        ("一封联名来信反映的作风问题", "信访"),
    ],
)
def test_a_title_that_names_the_genre_decides(title: str, code: str) -> None:
    lines = (
        "近年来，禾阳县坚持分类指导，逐项抓好落实。",
        "一是摸清底数。建立台账，走访23个乡镇。",
        "二是压实责任。实施清单管理，组织培训16场。",
        "三是健全机制。制定办法，开展督查。",
    )
    assert guess_genre(draft(title, *lines)).code == code


def test_a_draft_of_an_event_and_one_of_measures() -> None:
    event = draft(
        "清漪区党员积分集市开市",
        "“两百分换一次体检，划算！”8月15日上午，积分集市在社区广场开市，党员排起长队。",
        "集市设体检、理发、家电维修等摊位，当天兑换积分一万二千分。",
    )
    measures = draft(
        "清漪区党员积分管出活力",
        "今年以来，清漪区针对积分“只记不用”问题，完善党员积分办法。",
        "定准标尺。把志愿服务、结对帮扶等十二项列入清单。",
        "用好结果。积分与评优、关怀挂钩，兑换服务三千次。",
        "常抓监督。每季公示，群众评议。",
    )
    assert guess_genre(event).code == "动态"
    assert guess_genre(measures).code == "经验"


LETTER = (
    "编辑同志：",
    "我是一名乡镇干部，参加工作八年。下乡走访时，常听乡亲们说起村里的活动室。",
    "{}",
    "柳湾镇读者",
)


def test_a_letter_that_blames_and_one_that_proposes() -> None:
    blames = "有的活动室常年锁门，有的成了杂物间，个别村说不清钥匙在谁手里。有些干部只管挂牌。"
    proposes = (
        "要把开放时间贴在门口，要让老党员轮流值守。可以由镇里配书，应当每季度问一次乡亲们的意见。"
    )
    letters = [
        draft("村里的活动室", *(line.format(body) for line in LETTER))
        for body in (blames, proposes)
    ]
    assert [guess_genre(letter).code for letter in letters] == ["问题", "建议"]


def test_what_a_unit_did_and_what_all_ought_to_do() -> None:
    title = "推动党员教育走深走实"
    did = (
        "禾阳县委组织部坚持按需施教，摸清学习需求。",
        "县委党校开展送教上门，建立师资库，选派讲师48名。",
        "各镇设立夜校，禾阳县已开课310场，组织党员1.2万人次参加。",
    )
    ought = (
        "我们党历来重视学习，各级党组织都要把教育党员作为根本任务。",
        "要坚持理论的引领，必须在学懂弄通上下功夫，不能以干代学，也要防止空对空。",
        "要从党的历史中汲取力量，只有信仰坚定，才能行稳致远；应当让人民看到新变化。",
    )
    assert guess_genre(draft(title, *did)).code == "经验"
    assert guess_genre(draft(title, *ought)).code == "评论"


def test_questions_and_answers_on_a_document() -> None:
    lines = (
        "近日，市里出台办法。有关负责人回答了记者提问。",
        "问：为什么制定？",
        "答：为了管好队伍。",
    )
    assert guess_genre(draft("管好社区工作者队伍", *lines)).code == "通知"


def test_one_fault_is_no_manner() -> None:
    def cues(body: str) -> list[str]:
        return [label for _, _, label in counted_cues(body, len(body))]

    once = "禾阳县走访党员120名。" * 12 + "有的离家远。"
    assert "多次说“有的”“个别”" not in cues(once)
    assert "多次说“有的”“个别”" in cues(once + "个别人在外地，有的年纪大。")
    assert cues("") == []


def test_what_speaks_against_a_genre_is_not_shown() -> None:
    genre = guess_genre(draft("谁说福建不能？何以如此！", "人勤地不懒，岂能坐等？"))
    assert genre.code == "评论"
    assert genre.cues == ("标题是议论的语气", "设问、引证与比喻", "不说本地做法")
