"""Documents generated at random with a marker in every place: none lost, none doubled.

python -m benchmarks.faithful --count 5000 [--write]
"""

from __future__ import annotations

import argparse

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.reliability import Line, report
from tests import test_word_docx_random as random_documents


def main() -> None:
    """Run the property of the tests on many more documents; the first that fails is shown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    property_ = random_documents.test_every_visible_marker_once_and_no_other
    inline = st.lists(random_documents.trees(random_documents.INLINE), max_size=3)
    block = st.lists(random_documents.trees(random_documents.BLOCK), max_size=3)
    run = settings(
        max_examples=asked.count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )(given(inline, block)(property_.hypothesis.inner_test))
    run()
    figure = f"{asked.count} documents: 0 markers lost, 0 doubled, 0 shown that are deleted"
    report("faithful", [Line("text in every construct, nested at random", figure)],
           write=asked.write)  # fmt: skip


if __name__ == "__main__":
    main()
