# The two commands of the README are `make demo` and `make test`; the rest serves the people who build.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false

.PHONY: demo bulletin test lint lock office docs samples model bench bench-long sbom clean

$(VENV)/run.stamp: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更高版本") if sys.version_info < (3, 11) else 0'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	touch $@

demo: $(VENV)/run.stamp  ## run the pipeline on samples/inbox through its Prefect flow
	$(BIN)/zugao init demo --name 云泽市委组织部办公室 --units samples/units.csv --outlets samples/outlets.csv --quiet
	$(BIN)/zugao --home demo run samples/inbox --flow --no-wait || test $$? -eq 3  # some are refused
	$(MAKE) bulletin

bulletin: $(VENV)/run.stamp  ## from the demo's drafts and samples/issues to a bulletin in Word and Excel
	$(BIN)/zugao --home demo backdate
	$(BIN)/zugao --home demo match samples/issues --no-wait
	cd demo && PATH="$(CURDIR)/$(BIN):$$PATH" sh ../samples/events.sh
	$(BIN)/zugao --home demo report --period 2026Q3 --format all

test: $(VENV)/dev.stamp  ## the whole suite
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder

lint: $(VENV)/dev.stamp  ## ruff, mypy and the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:  ## write the lock files anew (needs uv)
	scripts/lock.sh

office:  ## Debian packages that some formats and tests need
	scripts/install-debian.sh

samples: $(VENV)/dev.stamp  ## build samples/inbox from samples/drafts
	$(BIN)/python -m samples.build

model: $(VENV)/dev.stamp  ## train the built-in theme model anew
	$(BIN)/python -m nlp.training
	$(BIN)/python -m scripts.model_card

docs: $(VENV)/dev.stamp  ## write the generated pages anew
	$(BIN)/python -m storage.describe
	$(BIN)/python -m scripts.command_pages
	msgfmt -o zugao/locale/zh_CN/LC_MESSAGES/messages.mo zugao/locale/zh_CN/LC_MESSAGES/messages.po

sbom: $(VENV)/run.stamp  ## sbom.json: what a release is made of (CycloneDX), without network
	$(BIN)/python -m scripts.sbom

bench: $(VENV)/dev.stamp  ## the quick benchmarks into docs/benchmarks.md (at most 10 minutes)
	$(BIN)/python -m benchmarks.suite

bench-long: $(VENV)/dev.stamp  ## all benchmarks, a million drafts among them (some three hours)
	$(BIN)/python -m benchmarks.suite --long

clean:
	rm -rf $(VENV) demo build dist *.egg-info
