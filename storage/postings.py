"""The fingerprints of a batch and who has them: arrays in, candidates out.

A draft of 1,500 字 has about 150 fingerprints, nearly all of them its own, so the batch is sorted
and counted as arrays, and only what two drafts share is looked at one by one.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nlp.fingerprints import Hashes, stock_hashes
from nlp.types import Findings
from storage.driver import sqlite3

DF_CAP: Final = 50
"""Drafts per fingerprint: 10 to 50 find the same on real magazines; more is common language."""
MIN_HITS: Final = 4
"""Shared fingerprints of a candidate: at 0.118 a character, about 35 characters taken over."""
MAX_CANDIDATES: Final = 10
"""Drafts that one draft is aligned with; recall was complete with 10 on 700 queries."""
MAX_COPIES: Final = 3
"""Earlier drafts that a copy, or one of very many versions of a text, is paired with."""
MASS_SHARE: Final = 0.5
"""Share of common fingerprints from which the draft itself is what everybody sends."""
NOTHING: Final[Hashes] = np.zeros(0, dtype=np.uint64)

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """The fingerprints of a batch without set phrases, and who had them before."""

    sizes: Mapping[int, int]  # draft → how many it has
    shared: Mapping[int, list[int]]  # draft → those that another draft has too
    holders: Mapping[int, tuple[list[int], list[int]]]  # such a hash → stored, arriving drafts
    common_in: Mapping[int, int]  # draft → how many of its hashes are common
    common: frozenset[int]  # hashes of more than DF_CAP drafts
    sorted_common: Hashes
    digests: Mapping[int, str]  # draft → exact digest, the order-free tie-break
    rows: list[tuple[int, int]]  # (hash, draft) that the index takes up, ascending

    @classmethod
    def of(cls, conn: sqlite3.Connection, firsts: Mapping[int, Findings]) -> Batch:
        """Sort a batch (draft → findings) and look all of it up."""
        values, owners = _sorted(firsts)
        first = np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
        distinct = values[first]
        counts = np.diff(first, append=len(values))
        group = np.repeat(np.arange(len(first)), counts)
        stored, holders = _stored(conn, distinct)
        left = np.searchsorted(stored, distinct, "left")
        right = np.searchsorted(stored, distinct, "right")
        before = right - left
        common = before + counts > DF_CAP
        telling = (before > 0) | (counts > 1)
        shared: defaultdict[int, list[int]] = defaultdict(list)
        chosen = telling[group]
        for draft, value in zip(owners[chosen].tolist(), values[chosen].tolist(), strict=True):
            shared[draft].append(value)
        taken = np.arange(len(values)) - first[group] < (DF_CAP - before)[group]
        return cls(
            Counter(owners.tolist()),
            shared,
            {
                int(distinct[i]): (
                    holders[left[i] : right[i]].tolist(),
                    owners[first[i] : first[i] + counts[i]].tolist(),
                )
                for i in np.flatnonzero(telling).tolist()
            },
            Counter(owners[common[group]].tolist()),
            frozenset(distinct[common].tolist()),
            distinct[common],
            {draft: findings.exact for draft, findings in firsts.items()},
            list(zip(values[taken].tolist(), owners[taken].tolist(), strict=True)),
        )

    def is_mass(self, draft: int) -> bool:
        """Whether most of a draft is common: then it is not boilerplate, all of it is sent."""
        size = self.sizes.get(draft, 0)
        return size > 0 and self.common_in.get(draft, 0) >= MASS_SHARE * size

    def discounted(self, a: int, b: int) -> Hashes:
        """Hashes (sorted) of what all have, which proves nothing between two drafts."""
        return NOTHING if self.is_mass(a) or self.is_mass(b) else self.sorted_common

    def pairs(self) -> set[tuple[int, int]]:
        """Pairs (lower id, higher id) worth an alignment."""
        found: set[tuple[int, int]] = set()
        for draft in self.shared:
            candidates = self._of_mass(draft) if self.is_mass(draft) else self._of(draft)
            found.update((min(draft, other), max(draft, other)) for other in candidates)
        return found

    def _of(self, draft: int) -> list[int]:
        telling = (value for value in self.shared[draft] if value not in self.common)
        lists = chain.from_iterable(self.holders[value] for value in telling)
        hits = Counter(chain.from_iterable(lists))
        del hits[draft]
        need = min(MIN_HITS, max(1, self.sizes[draft] // 2))
        strong = [other for other, count in hits.items() if count >= need]
        strong.sort(key=lambda other: (-hits[other], self.digests.get(other, ""), other))
        return strong[:MAX_CANDIDATES]

    def _of_mass(self, draft: int) -> list[int]:
        """The earliest of the many that hold most of what this draft holds."""
        hits: Counter[int] = Counter()
        for value in self.shared[draft]:
            stored, here = self.holders[value]
            hits.update(other for other in (stored + here)[: MAX_COPIES + 1] if other < draft)
        need = MASS_SHARE * self.sizes[draft]
        return sorted(other for other, count in hits.items() if count >= need)[:MAX_COPIES]

    def store(self, conn: sqlite3.Connection) -> None:
        """Add the batch to the index, the lowest ids first where a fingerprint fills up."""
        conn.executemany("INSERT INTO _fingerprint (hash, draft_id) VALUES (?, ?)", self.rows)


def _sorted(firsts: Mapping[int, Findings]) -> tuple[Hashes, _Numbers]:
    """All hashes of a batch but those of set phrases, ascending, and the draft of each."""
    prints = [np.array(f.fingerprints, dtype=np.uint64) for f in firsts.values()]
    values = np.concatenate([NOTHING, *prints])
    owners = np.repeat(np.array(list(firsts), dtype=np.int64), [len(p) for p in prints])
    stock = _stock()
    own = stock[np.searchsorted(stock, values) % len(stock)] != values
    values, owners = values[own], owners[own]
    order = np.lexsort((owners, values))
    return values[order], owners[order]


def _stored(conn: sqlite3.Connection, distinct: Hashes) -> tuple[Hashes, _Numbers]:
    """Hashes of the index that are among ``distinct``, ascending, and the draft of each."""
    found: Any = np.array(list(look_up(conn, distinct.tolist())), dtype=np.uint64)
    rows = found.reshape(-1, 2)
    return rows[:, 0], rows[:, 1].astype(np.int64)


def look_up(conn: sqlite3.Connection, hashes: Iterable[int]) -> Iterable[tuple[int, int]]:
    """(hash, draft) of the index for many hashes, in one statement, ascending."""
    return conn.execute(
        "SELECT hash, draft_id FROM json_each(?) JOIN _fingerprint ON hash = json_each.value"
        " ORDER BY hash, draft_id",
        (json.dumps(sorted(hashes)),),
    )


@cache
def _stock() -> Hashes:
    return np.sort(np.fromiter(stock_hashes(), dtype=np.uint64))
