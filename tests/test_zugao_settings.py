"""The settings file: its default documents every key, and what is wrong is said in one sentence."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from zugao.settings import (
    TITLES,
    Settings,
    SettingsError,
    default_toml,
    load_settings,
    settings_from,
)


def test_default_file_is_valid_and_equals_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "zugao.toml").write_text(default_toml(), encoding="utf-8")
    assert load_settings(tmp_path) == Settings(home=tmp_path)


def test_default_file_says_what_every_key_means() -> None:
    lines = default_toml("云泽市委组织部").splitlines()
    keys = [
        n for n, line in enumerate(lines) if " = " in line and not line.startswith(("#", "limits"))
    ]
    assert len(keys) == sum(len(type(getattr(Settings(), s)).model_fields) for s in TITLES)
    assert all(lines[n - 1].startswith("# ") and len(lines[n - 1]) > 6 for n in keys)
    assert tomllib.loads("\n".join(lines))["office"]["name"] == "云泽市委组织部"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[intake]\nbatch = 0", "intake.batch 不能小于 1（现在是 0）"),
        ("[intake]\nbatch = '多'", "intake.batch 的值 '多' 类型不对"),
        ("[intake]\nbatsh = 1", "intake.batsh 不是设置项，请删去或检查拼写"),
        ("[limits]\n'动态' = {floor = 9, soft = 8, hard = 10}", "应当 floor ≤ soft ≤ hard"),
        ("[limits]\n'散文' = {hard = 10}", "不认识的体裁：散文"),
        ("[schedule]\ncron = '每天八点'", "看不懂的 cron 表达式“每天八点”"),
        ("[intake", "末尾写得不对"),
        ("[intake]\nbatch = 1\n[office]\nname = 组织部", "第 4 行第 8 列附近写得不对"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_key_and_remedy(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "zugao.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert words in str(caught.value)
    assert "zugao.toml" in str(caught.value)
    assert "\n" not in str(caught.value).rstrip("\n")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="zugao init"):
        load_settings(tmp_path)


def test_genres_that_are_not_named_keep_their_limits(tmp_path: Path) -> None:
    settings = settings_from({"limits": {"动态": {"floor": 1, "soft": 2, "hard": 3}}}, tmp_path)
    assert settings.limits["动态"].hard == 3
    assert settings.limits["调研报告"] == Settings().limits["调研报告"]
