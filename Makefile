# Each target installs what it needs into the environment .venv, once. Stamp files in .venv record
# what is installed. PYTHON=/path/to/python make test  chooses the interpreter. Without it the first
# interpreter that is 3.11 or newer and runs is used.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
SOURCES := binance tests examples $(wildcard benchmarks docs fuzzing simulation) setup.py

# Many targets start many processes of Python: each would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test unit mutants lint types docs bench soak simulate clean

# What the library does, on one screen, with a simulated exchange: about twenty seconds.
demo: $(VENV)/.installed
	@$(BIN)/python examples/demo.py

# Most tests that take long wait for a process or a socket, so four files run at the same time.
# Deadlines grow with that number where there are fewer processors (tests/pace.py).
test: $(VENV)/.rewritten
	$(BIN)/python -m pytest --numprocesses 4 --dist loadfile $(ARGS)

# Runs the tests that need no socket, thread or process, in a few seconds. Property tests try fewer
# examples.
unit: $(VENV)/.test
	$(BIN)/python -m tests.unit $(ARGS)

# Makes small changes to the code, chosen by a seed, and checks that a test fails for each of them.
# Takes about ten minutes. ARGS="--seed 2 --count 40 --only tx/link" tries others.
mutants: $(VENV)/.test $(VENV)/.mutants
	$(BIN)/python -m tests.mutants $(ARGS)

lint: $(VENV)/.lint
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: $(VENV)/.lint
	$(BIN)/mypy

# Builds the pages in both languages, and prints which file to open. Every warning is an error.
docs: $(VENV)/.docs
	for page in README.rst README.ja.rst CONTRIBUTING.rst CHANGELOG.rst newsfragments/README.rst; do \
		$(BIN)/python -m docutils --report=info --halt=warning $$page /dev/null || exit 1; \
	done
	for language in en ja; do \
		$(BIN)/python -m sphinx -W -n -q -b html -D language=$$language \
			-d docs/_build/doctrees/$$language docs docs/_build/html/$$language || exit 1; \
	done
	$(BIN)/python docs/catalogues.py --check
	cp docs/languages.html docs/_build/html/index.html
	@echo "Open this page in a browser: file://$(CURDIR)/docs/_build/html/index.html"

bench: $(VENV)/.bench $(VENV)/.test
	for bench in benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

# Opens, closes and disturbs sockets for ten minutes, and checks that nothing grows.
# ARGS="--minutes 2 --cycles 300" makes it shorter.
soak: $(VENV)/.installed
	$(BIN)/python benchmarks/soak.py $(ARGS)

# Runs the whole client with a simulated clock and network, and checks the invariants for each seed.
# ARGS="--seeds 20000" takes about 25 minutes on two cores; ARGS="--seed 7 --trace" shows one seed.
simulate: $(VENV)/.test
	$(BIN)/python -m simulation $(ARGS)

clean:
	rm -rf $(VENV) build dist docs/_build *.egg-info .tox .coverage .coverage.* htmlcov
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache benchmarks/.envs
	find $(SOURCES) \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +

# The project is installed as a link to this folder, so a change to its code needs no new install.
$(VENV)/.installed: setup.py pyproject.toml | $(VENV)/.python
	@printf 'installing into $(VENV), once '
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dashboard]' & \
		pip=$$!; \
		while kill -0 $$pip 2>/dev/null; do printf .; sleep 1; done; \
		echo; \
		wait $$pip
	@touch $@

# Not compiled: most modules of these packages are never imported.
$(VENV)/.test $(VENV)/.mutants $(VENV)/.lint $(VENV)/.docs $(VENV)/.bench: $(VENV)/.%: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --no-compile --editable '.[$*]'
	touch $@

# Pytest rewrites the assertions of each file once: two processes do it for halves of the files, before
# four would do it for all of them at the same time.
$(VENV)/.rewritten: $(VENV)/.test
	@for half in 'tests/[a-d]*/' 'tests/[e-z]*/ tests/test_*.py'; do \
		$(BIN)/python -m pytest --collect-only --quiet $$half > /dev/null & \
	done; wait
	@touch $@

# Where tox has left a file of that name, which points at an environment of its own, it goes.
$(VENV)/.python:
	@test ! -f $(VENV) || rm $(VENV)
	@for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3.14 python3 python); do \
		if $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' \
			>/dev/null 2>&1; then \
			echo "environment in $(VENV) with $$($$python --version)"; \
			$$python -m venv --clear $(VENV) && touch $@; exit; \
		fi; \
	done; \
	echo "No Python 3.11 or newer (with its venv and ensurepip modules) was found$(if \
		$(PYTHON), at PYTHON=$(PYTHON)). Install one or name it: make PYTHON=/path/to/python" >&2; \
	exit 1
