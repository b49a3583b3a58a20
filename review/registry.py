"""The one list of what the desk serves: address, method, who may, page, kind in the log.

What is not listed here is not served: the application is built from this list, and refuses to
start with a route beside it.
"""

from __future__ import annotations

from typing import Final

from review.pages import account, compare, deciding, draft, files, login, queue, runs
from review.visit import ADMIN, ALL, EDITOR, PUBLIC, Entry

ENTRIES: Final[tuple[Entry, ...]] = (
    Entry("/", "GET", ALL, account.start),
    Entry("/login", "GET", PUBLIC, login.ask),
    Entry("/login", "POST", PUBLIC, login.enter),  # logs its own outcomes
    Entry("/logout", "POST", ALL, login.leave, "logout"),
    Entry("/account", "GET", ALL, account.show),
    Entry("/account", "POST", ALL, account.change_password),  # storage logs it with the change
    Entry("/queue", "GET", EDITOR, queue.show),
    Entry("/bulk", "GET", EDITOR, queue.preview),
    Entry("/bulk", "POST", EDITOR, queue.accept, "bulk_accept"),
    Entry("/undo/{number:int}", "POST", EDITOR, queue.undo, "undo"),
    Entry("/drafts/{number:int}", "GET", EDITOR, draft.show),
    Entry("/drafts/{number:int}/state", "GET", EDITOR, draft.state),
    Entry("/drafts/{number:int}/accept", "POST", EDITOR, deciding.accept, "decide"),
    Entry("/drafts/{number:int}/return", "POST", EDITOR, deciding.give_back, "return"),
    Entry("/drafts/{number:int}/note", "POST", EDITOR, deciding.leave_note, "note"),
    Entry("/drafts/{number:int}/assign", "POST", EDITOR, deciding.hand_over, "assign"),
    Entry("/drafts/{number:int}/original", "GET", EDITOR, files.original, "download"),
    Entry("/drafts/{number:int}/annotated", "GET", EDITOR, files.annotated, "download_annotated"),
    Entry("/returns/{number:int}", "GET", EDITOR, files.letter),
    Entry("/returns/{number:int}/letter.docx", "GET", EDITOR, files.letter_word, "download_letter"),
    Entry("/compare/{number:int}/{others}", "GET", EDITOR, compare.show),
    Entry("/pairs/{number:int}/{other:int}", "POST", EDITOR, compare.judge, "verdict"),
    Entry("/runs", "GET", EDITOR | ADMIN, runs.show),
    Entry("/runs/files/{number:int}/release", "POST", ADMIN, runs.release, "release"),
)
