"""Passwords: argon2id with the library's parameters, at most four at once (64 MiB each)."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.users import UserError

SHORTEST: Final = 15
"""Characters; what NIST SP 800-63B-4 asks where a password is the only factor."""
LONGEST: Final = 256

_HASHER: Final = PasswordHasher()
_FOUR: Final = BoundedSemaphore(4)


@cache
def _nobody() -> str:
    """Checked in place of an account that there is none of, so that both take the same time."""
    return _HASHER.hash("nobody has this password")


def hashed(password: str, name: str = "") -> str:
    """The hash to store. Raises UserError if it is too short, too long, or too plain."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UserError(f"密码应为{SHORTEST}到{LONGEST}个字符；可以用一句只有自己记得的话。")
    if len(set(password)) < 5 or (name and password.strip().lower() == name.lower()):
        raise UserError("密码太容易猜到，请换一个。")
    with _FOUR:
        return _HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is that of the hash; None (no such account) takes as long and is not."""
    with _FOUR:
        try:
            right = _HASHER.verify(stored or _nobody(), password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None and len(password) <= LONGEST
