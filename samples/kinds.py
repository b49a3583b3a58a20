"""Which samples show which kind of reuse (重稿的类别), and which tests hold them to it."""

from __future__ import annotations

from typing import Final

PAIRS: Final = {
    ("汀洲区委组织部/01-four-one-branches", "汀洲区委组织部/03-four-one-again"): "完全相同",
    ("沅北县委组织部/05-develop-members", "沅北县委组织部/06-develop-members-again"): "重复报送",
    (
        "清漪区委组织部/11-training-menu",
        "清漪区桂子街道党工委/02-training-menu-similar",
    ): "高度相似",
    (
        "白芦县委组织部/05-wetland-talent-station",
        "白芦县委组织部/06-wetland-talent-short",
    ): "节选",
    ("白芦县柳湾镇党委/03-fishing-village", "白芦县委组织部/09-fishermen-contains"): "包含",
    ("清漪区委组织部/05-neighbourhood-branch", "清漪区委组织部/07-merged"): "合并",
    ("清漪区委组织部/06-rider-station", "清漪区委组织部/07-merged"): "合并",
    ("临溪县委组织部/01-red-grid", "望岚县委组织部/01-red-grid-copy"): "套写",
    ("望岚县委组织部/03-ecommerce-party", "沅北县委组织部/02-ecommerce-volunteer"): "段落借用",
    ("云泽市委党校/08-quoting-meeting", "云泽市国资委党委/09-quoting-meeting"): "引用",
}
"""Every pair of samples that shares text, by the keys of their sources, and its kind."""

TESTS: Final = {
    "完全相同": "test_nlp_reuse.py::test_equal_text_is_exact_however_it_is_set",
    "重复报送": "test_nlp_reuse.py::test_revised_by_the_same_unit_is_sent_again",
    "高度相似": "test_nlp_reuse.py::test_light_rewording_is_near",
    "节选": "test_nlp_excerpt.py::test_a_text_that_stops_inside_a_paragraph_was_cut",
    "包含": "test_nlp_excerpt.py::test_a_compilation_that_opens_with_half_of_it_takes_the_piece_in",
    "合并": "test_storage_clusters.py::test_a_merged_draft_says_how_much_came_from_whom",
    "套写": "test_nlp_reuse.py::test_exchanged_names_and_numbers_are_a_rewrite",
    "段落借用": "test_nlp_reuse.py::test_borrowed_paragraphs_are_found_with_their_share",
    "引用": "test_nlp_reuse.py::test_a_common_quotation_is_shown_but_not_reuse",
}
"""A test of each kind by itself, beside that of all samples together."""

PRINTED: Final = "test_matching_samples.py::test_every_source_is_found_and_nothing_else"
"""The test of 已刊发: printed items are matched with drafts, not drafts with each other."""


def table() -> list[str]:
    """Kinds, samples and tests as a Markdown table."""
    rows = ["| 类别 | 样稿 | 测试 |", "|---|---|---|"]
    for kind, test in TESTS.items():
        pairs = [pair for pair, named in PAIRS.items() if named == kind]
        shown = "；".join(" ↔ ".join(f"`{key}`" for key in pair) for pair in pairs)
        rows.append(f"| {kind} | {shown} | `{test}` |")
    return [
        *rows,
        f"| 已刊发 | `printed/` 的各期，每条来自哪篇见 `printed/truth.json` | `{PRINTED}` |",
    ]
