"""[reuse]: the thresholds of the kinds of reuse, with the arithmetic behind each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from nlp.reuse import RULES, ReuseRules


def _share(name: str, description: str) -> Any:
    return Field(getattr(RULES, name), gt=0, le=1, description=description)


def _count(name: str, description: str) -> Any:
    return Field(getattr(RULES, name), ge=10, le=100_000, description=description)


class ReuseSettings(BaseModel):
    """Shares are of the content without marks and spaces; counts are its characters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    near: float = _share(
        "near",
        "高度相似、套写：两稿各有这么多与对方相同。1500 字的稿子改掉三成是两三段，编辑仍说是同一篇",
    )
    revised: float = _share("revised", "重复报送：同一单位的两稿，重合少的一方也有这么多相同")
    part: float = _share("part", "节选、包含：短稿这么多都在长稿里；20 句里自己写的不超过 5 句")
    borrowed_share: float = _share(
        "borrowed_share",
        "段落借用：至少一稿的这么多与对方相同。抄两成句子，句有长短、边上有改动，量出来约 12%",
    )
    borrowed_characters: int = _count(
        "borrowed_characters",
        "段落借用：并且至少这么多字；句子中位数连标点 52 字，两句去标点约 90 字",
    )
    borrowed_longest: int = _count(
        "borrowed_longest", "段落借用：并且最长一段至少这么多字，是一个完整的短句，不是一个词组"
    )
    borrowed_long: int = _count(
        "borrowed_long",
        "段落借用：有这么多字就不论比例；自然段中位数连标点 182 字，去标点约 155 字",
    )
    quoted: int = _count("quoted", "引用：相同的引文至少这么多字才提示，口号不提示")
    merged_total: float = _share("merged_total", "合并：各来源合起来占全稿这么多")
    merged_each: float = _share("merged_each", "合并：每个来源至少占全稿这么多；3 篇合成时约 33%")
    merged_used: float = _share("merged_used", "合并：每个来源自己至少有这么多被用上")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.merged_each > self.merged_total:
            raise ValueError("应当 merged_each ≤ merged_total")
        return self

    def rules(self) -> ReuseRules:
        """The thresholds as the text room takes them."""
        return replace(RULES, **self.model_dump())
