# Two commands are enough: `make demo` to see it, `make test` to trust it.
SHELL = /bin/bash
.DEFAULT_GOAL = help

# The Python that makes .venv (3.11 or newer), and the port of the demo.
PY ?= python3
PORT ?= 8000

PYTHON = .venv/bin/python
DEV = @$(PY) scripts/environment.py dev
ON_TEST_SETTINGS = KUMPPANI_ENV=test DATABASE_URL=sqlite://:memory:
LOCK = pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock"

.PHONY: help demo demo-reset manage worker test test-fast coverage check fmt messages docs lock vendor tools install clean

help: ## list these targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- See it ---------------------------------------------------------------------------------------------------------

demo: ## serve the demo programme at http://127.0.0.1:8000/ (elsewhere: make demo PORT=9000)
	@$(PY) scripts/demo.py --port "$(PORT)"

demo-reset: ## the same, with the demo's data deleted and loaded anew
	@$(PY) scripts/demo.py --port "$(PORT)" --reset

manage: ## run manage.py on the demo's data: make manage ARGS="demo --accounts"
	@$(PY) scripts/demo.py manage $(ARGS)

worker: ## one more worker for the demo, beside the one that make demo starts
	@$(PY) scripts/demo.py manage worker

# --- Trust it -------------------------------------------------------------------------------------------------------

test: ## the whole suite, on SQLite and on PostgreSQL
	$(DEV)
	@scripts/test

test-fast: ## the suite on SQLite alone (a part of it: make test-fast PYTEST_ARGS="-k meeting")
	$(DEV)
	@scripts/test sqlite

coverage: ## which lines the suite on SQLite reaches
	$(DEV)
	@mkdir -p var/coverage && rm -f var/coverage/data*
	@-$(ON_TEST_SETTINGS) $(PYTHON) -m coverage run -m pytest -q -n logical --maxprocesses 4 $(PYTEST_ARGS)
	@$(PYTHON) -m coverage combine --quiet && $(PYTHON) -m coverage report

check: ## code, templates, migrations, translations, production settings, layers
	$(DEV)
	@scripts/check

# --- Work on it -----------------------------------------------------------------------------------------------------

install: ## make .venv with everything that work on the project needs
	$(DEV)

fmt: ## put the code into its form
	$(DEV)
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

messages: ## collect the texts into locale/*.po (needs gettext), then compile them
	$(DEV)
	@$(PYTHON) scripts/check_catalogues.py --update
	@$(PYTHON) scripts/compile_messages.py
	@$(PYTHON) scripts/check_catalogues.py || echo "Translate what is named above, then run make check."

docs: ## write the generated pages docs/access.md and docs/privacy.md
	$(DEV)
	@mkdir -p var && $(ON_TEST_SETTINGS) $(PYTHON) -m tests.access.write_docs > var/access.md && mv var/access.md docs/access.md
	@$(ON_TEST_SETTINGS) $(PYTHON) manage.py privacy_inventory > var/privacy.md && mv var/privacy.md docs/privacy.md

lock: ## pin the dependencies of pyproject.toml with their hashes (needs uv; newer ones: LOCK_ARGS=--upgrade)
	@command -v uv >/dev/null || { echo "uv is needed to lock: pip install uv" >&2; exit 1; }
	@UV_PYTHON_DOWNLOADS=never uv $(LOCK) $(LOCK_ARGS) pyproject.toml -o requirements.txt
	@UV_PYTHON_DOWNLOADS=never uv $(LOCK) $(LOCK_ARGS) --group dev -c requirements.txt -o requirements-dev.txt

vendor: ## fetch the pinned front-end files and build the icon sprite (needs npm)
	@scripts/vendor_assets.sh

tools: ## fetch the Nu HTML checker for the tests (needs npm and, to run, Java)
	@scripts/fetch_vnu.sh

clean: ## delete .venv and what the tools cached; the demo's data stays
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis var/coverage var/test-results
