"""Trained models: every training is a row, every choice by hand too; the latest that was adopted or
chosen is in use, and no file means the built-in one.

The files lie beside the database (HOME/models) and are kept; a row says what a file must be.
"""

from __future__ import annotations

from typing import Final

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE model (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version TEXT NOT NULL,
      file TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      training_hash TEXT NOT NULL,
      taxonomy_version TEXT NOT NULL,
      samples INTEGER NOT NULL,
      decisions INTEGER NOT NULL,
      held_out INTEGER NOT NULL,
      last_decision INTEGER NOT NULL,
      metrics TEXT NOT NULL CHECK (json_valid(metrics)),
      outcome TEXT NOT NULL CHECK (outcome IN ('adopted', 'kept')),
      made_at TEXT NOT NULL,
      CHECK (outcome = 'kept' OR (file <> '' AND length(sha256) = 64))
    ) STRICT
    """,
    *(
        f"CREATE TRIGGER model_no_{verb} BEFORE {verb} ON model"
        " BEGIN SELECT RAISE(ABORT, 'the record of models is append-only'); END"
        for verb in ("update", "delete")
    ),
)

CHOICES: Final[tuple[str, ...]] = (
    "ALTER TABLE model RENAME TO _model_old",
    """
    CREATE TABLE model (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version TEXT NOT NULL,
      file TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      training_hash TEXT NOT NULL,
      taxonomy_version TEXT NOT NULL,
      samples INTEGER NOT NULL,
      decisions INTEGER NOT NULL,
      held_out INTEGER NOT NULL,
      last_decision INTEGER NOT NULL,
      metrics TEXT NOT NULL CHECK (json_valid(metrics)),
      outcome TEXT NOT NULL CHECK (outcome IN ('adopted', 'kept', 'chosen')),
      made_at TEXT NOT NULL,
      who TEXT NOT NULL DEFAULT '',
      CHECK ((file = '') = (sha256 = '')),
      CHECK (outcome <> 'adopted' OR file <> '')
    ) STRICT
    """,
    "INSERT INTO model SELECT *, '' FROM _model_old",
    "DROP TABLE _model_old",
    *STATEMENTS[1:],
)
"""Choices by hand and who made them; the triggers went with the old table."""

MODELS: Final = """
CREATE VIEW models AS
SELECT
  id AS model_id,
  version,
  outcome,
  id IS (SELECT max(id) FROM model WHERE outcome IN ('adopted', 'chosen')) AS in_use,
  samples,
  decisions,
  held_out,
  json_extract(metrics, '$.accuracy_before') AS accuracy_before,
  json_extract(metrics, '$.accuracy') AS accuracy,
  taxonomy_version,
  datetime(made_at, '+8 hours') AS made,
  file,
  who
FROM model
"""

TABLE_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "model": {
        "": "主题模型的每次训练、每次选用一行，只增加，不修改；最近一次采用或选用的就是正在用的，"
        "没有则用内置模型",
        "id": "训练编号",
        "version": "模型版本，记在它所做的每个标签上；有本单位词表时标签上另加词表的指纹",
        "file": "模型文件名，在工作目录的 models 文件夹里；没有采用、选用内置模型则为空文本",
        "sha256": "模型文件的SHA-256，与文件不符就不用它",
        "training_hash": "训练稿、词表、主题体系的SHA-256",
        "taxonomy_version": "主题体系的版本",
        "samples": "训练稿篇数，含随程序提供的",
        "decisions": "其中编辑定的篇数",
        "held_out": "留作检验、没有参加训练的篇数",
        "last_decision": "训练时最后一条审核意见的编号，此后的为新意见",
        "metrics": "成绩，JSON：检验稿上新旧模型的正确率和对数损失，交叉验证",
        "outcome": "结果：adopted 采用，kept 仍用原来的，chosen 人工选用",
        "made_at": "训练或选用时间（UTC）",
        "who": "谁选用的；训练则为空文本",
    },
}

VIEW_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "models": {
        "": "主题模型的历次训练和人工选用（北京时间）",
        "model_id": "训练编号",
        "version": "模型版本",
        "outcome": "结果：adopted 采用，kept 仍用原来的，chosen 人工选用",
        "in_use": "是否正在用：1 是，0 否",
        "samples": "训练稿篇数",
        "decisions": "其中编辑定的篇数",
        "held_out": "留作检验的篇数",
        "accuracy_before": "原来的模型在检验稿上的正确率",
        "accuracy": "新模型在检验稿上的正确率",
        "taxonomy_version": "主题体系的版本",
        "made": "训练或选用时间",
        "file": "模型文件名，内置模型为空文本",
        "who": "谁选用的；训练则为空文本",
    },
}
