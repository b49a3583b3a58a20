"""SQLite and the content store: the only room that speaks SQL and the only writer of drafts."""
