"""The one list of what the desk serves: address, method, who may, page, kind in the log.

What is not listed here is not served: the application is built from this list, and refuses to
start with a route beside it.
"""

from __future__ import annotations

from typing import Final

from review.pages import (
    account,
    adoption,
    analysts,
    bulletins,
    commissions,
    compare,
    deciding,
    draft,
    editing,
    fate,
    figures,
    files,
    issues,
    login,
    mine,
    queue,
    runs,
    settings,
    watch,
)
from review.uploads import MOST_BYTES
from review.visit import ADMIN, ALL, ANALYST, EDITOR, PUBLIC, STAFF, SUBMITTER, Entry

UPLOAD: Final = MOST_BYTES + 64 * 1024
TEXT: Final = 2 * 1024 * 1024
FILES: Final = 60
"""More than is taken at once, so that a page can say so."""

ENTRIES: Final[tuple[Entry, ...]] = (
    Entry("/", "GET", ALL, account.start),
    Entry("/healthz", "GET", PUBLIC, watch.alive),
    Entry("/metrics", "GET", PUBLIC, watch.figures),  # decides by the address, and for admins
    Entry("/login", "GET", PUBLIC, login.ask),
    # Logs its own outcomes; takes along what was typed when the session ended, a text too.
    Entry("/login", "POST", PUBLIC, login.enter, most_bytes=TEXT + 64 * 1024),
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
    Entry("/drafts/{number:int}/edit", "GET", EDITOR, editing.show),
    Entry("/drafts/{number:int}/edit", "POST", EDITOR, editing.save, "edit_draft", TEXT),
    Entry("/drafts/{number:int}/original", "GET", EDITOR, files.original, "download"),
    Entry("/drafts/{number:int}/annotated", "GET", EDITOR, files.annotated, "download_annotated"),
    Entry("/returns/{number:int}", "GET", EDITOR, files.letter),
    Entry("/returns/{number:int}/letter.docx", "GET", EDITOR, files.letter_word, "download_letter"),
    Entry("/compare/{number:int}/{others}", "GET", EDITOR, compare.show),
    Entry("/pairs/{number:int}/{other:int}", "POST", EDITOR, compare.judge, "verdict"),
    Entry("/drafts/{number:int}/adopt", "POST", EDITOR, fate.adopt, "adopt"),
    Entry("/drafts/{number:int}/pre-adopt", "POST", EDITOR, fate.pre_adopt, "pre_adopt"),
    Entry("/drafts/{number:int}/instruct", "POST", EDITOR, fate.instruct, "instruct"),
    Entry("/adoption", "GET", EDITOR, adoption.show),
    Entry("/adoption/answer", "POST", EDITOR, adoption.answer, "proposal"),
    Entry("/adoption/sure", "GET", EDITOR, adoption.preview),
    Entry("/adoption/sure", "POST", EDITOR, adoption.accept_sure, "proposals_sure"),
    Entry("/adoption/items/{number:int}", "GET", EDITOR, adoption.item),
    Entry("/adoption/items/{number:int}", "POST", EDITOR, adoption.adopt_item, "adopt"),
    Entry("/adoption/upload", "POST", EDITOR, adoption.upload, "match", UPLOAD, most_files=FILES),
    Entry("/events/undo", "POST", EDITOR, adoption.undo, "undo_events"),
    Entry("/issues", "GET", EDITOR, issues.show),
    Entry("/issues", "POST", EDITOR, issues.begin, "issue"),
    Entry("/issues/{number:int}", "GET", EDITOR, issues.one),
    Entry("/issues/{number:int}/items", "POST", EDITOR, issues.add, "issue_add"),
    Entry("/issues/{number:int}/order", "POST", EDITOR, issues.order, "issue_order"),
    Entry("/issues/{number:int}/remove", "POST", EDITOR, issues.remove, "issue_remove"),
    Entry("/issues/{number:int}/items/{draft:int}", "GET", EDITOR, issues.item),
    Entry("/issues/{number:int}/items/{draft:int}", "POST", EDITOR, issues.edit, "edit", TEXT),
    Entry("/issues/{number:int}/issue.docx", "GET", EDITOR, issues.word, "download_issue"),
    Entry("/issues/{number:int}/print", "POST", EDITOR, issues.print_, "print"),
    Entry("/issues/{number:int}/unprint", "POST", EDITOR, issues.unprint, "unprint"),
    Entry("/mine", "GET", SUBMITTER, mine.show),
    Entry("/mine", "POST", SUBMITTER, mine.send, "upload", UPLOAD, most_files=FILES),
    Entry("/mine/{number:int}", "GET", SUBMITTER, mine.draft),
    Entry("/mine/{number:int}/original", "GET", SUBMITTER, mine.original, "download"),
    Entry("/figures", "GET", STAFF, figures.show),
    Entry("/figures/lists/{name}", "GET", STAFF, figures.listed),
    Entry("/figures/rows", "GET", STAFF, figures.rows),
    Entry("/figures/charts/{name}.svg", "GET", STAFF, figures.picture),
    Entry("/figures/files/{name}.{form}", "GET", STAFF, figures.download, "download_figures"),
    Entry("/bulletins", "GET", STAFF, bulletins.show),
    Entry("/bulletins", "POST", EDITOR, bulletins.freeze, "freeze"),
    Entry("/bulletins/{number:int}.{form}", "GET", STAFF, bulletins.frozen, "download_bulletin"),
    Entry("/commissions", "GET", STAFF, commissions.show),
    Entry("/commissions", "POST", EDITOR, commissions.ask, "commission"),
    Entry("/analysts", "GET", ANALYST | ADMIN, analysts.show),
    Entry("/analysts", "POST", ANALYST | ADMIN, analysts.renew, "copy"),
    Entry("/settings", "GET", ADMIN, settings.start),
    Entry("/settings/{name}", "GET", ADMIN, settings.show),
    Entry("/settings/{name}", "POST", ADMIN, settings.change, "settings", TEXT),
    Entry("/runs", "GET", EDITOR | ADMIN, runs.show),
    Entry("/runs/files/{number:int}/release", "POST", ADMIN, runs.release, "release"),
)

MOUNTS: Final = {analysts.PREFIX: ANALYST | ADMIN}
"""Applications of others that stand behind the login as a whole, to be read only."""
