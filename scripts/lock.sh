#!/usr/bin/env bash
# Writes the lock files: every version pinned, every file hashed, no address in them.
# Needs `uv` (pip install uv). Upper bounds for known-bad sets stand in constraints.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url pyproject.toml "$@"
}
lock --constraints constraints.txt --extra analysts --extra cluster --extra test --extra lint --output-file requirements-dev.lock
lock --constraints requirements-dev.lock --output-file requirements.lock
# Every machine of a cluster: the scheduler, its workers and the office.
lock --constraints requirements-dev.lock --extra cluster --output-file requirements-cluster.lock
# The peers of the benchmarks (datasketch among the tests' own): not on CI, not on a user's machine.
lock --constraints requirements-dev.lock --extra bench --extra test --output-file requirements-bench.lock
if grep -nE '://' requirements*.lock; then
    echo "a lock file holds an address" >&2
    exit 1
fi
