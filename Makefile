# Two commands matter: `make demo` and `make test`. Both call `make setup` first.
PORT ?= 8000
UV := .boot/bin/uv
RUN := .venv/bin

.PHONY: help setup demo test lint types contracts unit bench screenshots clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV):
	@command -v python3 >/dev/null || { echo "Python 3.11 ou plus récent est nécessaire." >&2; exit 1; }
	python3 -m venv .boot
	.boot/bin/pip install --quiet --disable-pip-version-check uv

.venv/.synced: $(UV) uv.lock pyproject.toml
	$(UV) sync --locked --quiet
	@touch $@

setup: .venv/.synced ## virtual environment, locked dependencies, front-end assets
	@$(RUN)/python -m mspaudit.web.build_assets

demo: setup ## everything on this machine with invented data; prints sign-in links (PORT=8000)
	@PORT=$(PORT) exec $(RUN)/mspaudit demo

test: setup lint types contracts unit ## lint, types, import contracts, migrations, every test, a real browser

lint:
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types:
	$(RUN)/mypy

contracts:
	$(RUN)/lint-imports

unit:
	@tests/browser/install.sh
	$(RUN)/pytest -n 2 --dist loadfile

bench: setup ## measure speed; writes var/bench.json
	$(RUN)/python -m tests.bench

screenshots: setup ## retake the two pictures of the README
	@tests/browser/install.sh
	$(RUN)/python -m tests.browser.screenshots

clean: ## remove what setup made
	rm -rf .boot .venv mspaudit/web/static/vendor mspaudit/web/frontend/node_modules
