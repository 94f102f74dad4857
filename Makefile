# make serve needs Python 3.11 or newer and nothing else; make help lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
PORT ?= 8000

BIN := .venv/bin
NODE := $(BIN)/python book/bundle/node.py
SITE := build/_build/html
DONE := build/done
LITE := book/lite/node_modules/.package-lock.json
WEB := book/web
MODULES := $(WEB)/node_modules/.package-lock.json
WIDGET := podsim/explorers/static/widget.js
PODSIM := $(shell find podsim -name '*.py' -o -path 'podsim/*.json' -o -path 'podsim/*.yaml')
FRONT := $(shell find $(WEB)/src -type f) $(WEB)/build.mjs
PAGES := _config.yml _toc.yml $(wildcard notebooks/*.ipynb $(DONE)/lite) $(shell find book/index.md book/playground.md book/own book/instructor book/reference book/locale book/templates book/assets book/extra book/ext -name '*.*' -not -name '*.pyc' -not -name '*.mo') \
         $(shell find tests/conformance -name "*.py" -o -name "*.json" -o -name "*.yaml")

say = @printf '\n\033[1m%s\033[0m\n' '$(1)'

.PHONY: help setup serve book messages notebooks test lint check-python check-web check-notebooks check-browser lite check-lite offline check-binder fuzz bench screenshots references clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

setup: $(DONE)/setup $(WIDGET) ## .venv with everything, and the front end for notebooks
serve: book ## build the book and serve it at http://localhost:8000 (PORT=… for another)
	@$(BIN)/python book/bundle/serve.py $(SITE) $(PORT)
book: $(DONE)/book ## build the book, warnings are errors

messages: setup ## bring the catalogues for translators in book/locale up to date with the pages
	$(BIN)/python book/bundle/editions.py catalogues

notebooks: setup ## run every notebook and store what it prints
	$(BIN)/python book/bundle/notebooks.py

test: lint check-python check-web check-notebooks check-browser ## everything that CI asks for (EVERY=1: each page, width and explorer in the browser)

lint: setup $(MODULES) ## ruff, mypy, import order of the layers, types and style of the front end
	$(call say,lint)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(NODE) npm --prefix $(WEB) run --silent typecheck
	$(NODE) npm --prefix $(WEB) run --silent lint

check-python: setup ## the tests of podsim
	$(call say,podsim)
	$(BIN)/pytest -qq --collect-only tests/lite # which run where the book is published
	$(BIN)/pytest -q -n auto --ignore=tests/browser --ignore=tests/lite --ignore=tests/notebooks

check-web: setup $(MODULES) ## the unit tests of the front end
	$(call say,front end)
	$(NODE) npm --prefix $(WEB) run --silent test

check-notebooks: setup ## every notebook still prints what is stored in it
	$(call say,notebooks)
	$(BIN)/pytest -q -n auto tests/notebooks

check-browser: book ## the book in Chromium: live, keyboard, axe, its own origin only
	$(call say,book in a browser)
	$(BIN)/pytest -q -n auto --dist loadfile tests/browser

lite: $(DONE)/lite ## the book, in which each chapter opens as a notebook that runs in the browser (a minute more)
	@$(MAKE) --no-print-directory book

check-lite: lite ## a chapter opened as a notebook in Chromium: live, and its own origin only
	$(call say,notebooks in a browser)
	$(BIN)/pytest -q tests/lite

offline: lite ## the book and its notebooks as build/the-life-of-a-pod-VERSION.zip, for any web server without a network
	$(call say,packing)
	$(BIN)/python book/bundle/offline.py $(SITE) build

check-binder: setup ## what is committed, installed as Binder does it, and every notebook run (some minutes)
	$(BIN)/python book/bundle/binder.py

fuzz: setup ## 50,000 damaged manifests, each answered without a traceback (half an hour)
	$(BIN)/python -m tests.mutations

bench: book ## what a reader waits for, and how fast podsim runs
	$(BIN)/python benchmarks/api.py
	$(BIN)/python benchmarks/simulate.py
	$(BIN)/python benchmarks/page.py

screenshots: book ## pictures of the pages in build/screenshots, those of README.md and of social cards
	$(BIN)/python book/bundle/screenshots.py $(SITE) build/screenshots book/screenshot.png book/assets/card.png

references: book ## the six views that tests compare with, taken anew: look at each before you commit it
	$(BIN)/python -m tests.browser.views

clean: ## everything that was made, but .venv and node_modules
	rm -rf build podsim/explorers/static .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "podsim needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 …")'
	$(call say,making .venv)
	$(PYTHON) -m venv .venv

$(DONE)/setup: pyproject.toml requirements.txt constraints.txt | $(BIN)/python
	$(call say,installing Python packages (about a minute))
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt -e '.[notebooks,book,test]'
	@mkdir -p $(@D) && touch $@

$(MODULES): $(WEB)/package.json $(WEB)/package-lock.json | $(DONE)/setup
	$(call say,installing the packages of the front end)
	$(NODE) npm --prefix $(WEB) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(WIDGET): $(FRONT) podsim/timeline/style.json $(MODULES)
	$(call say,bundling the front end for notebooks)
	$(NODE) node $(WEB)/build.mjs --widget $(@D)

$(DONE)/assets: $(FRONT) $(PODSIM) $(wildcard book/bundle/*) $(MODULES) $(DONE)/setup
	$(call say,bundling Python and the front end for the browser)
	$(BIN)/python book/bundle/assets.py build/assets
	@touch $@

$(LITE): book/lite/package.json book/lite/package-lock.json | $(DONE)/setup
	$(call say,installing the Python of the notebooks in the browser)
	$(NODE) npm --prefix book/lite ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(DONE)/lite: $(LITE) book/lite/packages.txt book/bundle/lite.py constraints.txt $(PODSIM) $(WIDGET) $(wildcard notebooks/*) $(DONE)/setup
	$(call say,building the notebooks that run in the browser)
	$(BIN)/python book/bundle/lite.py build/lite
	@touch $@

$(DONE)/book: $(DONE)/assets $(PAGES)
	$(call say,building the book)
	@$(BIN)/jupyter-book build . --path-output build --all -W --keep-going -q > build/book.log || { cat build/book.log; exit 1; }
	@$(BIN)/python book/bundle/editions.py build $(SITE) > build/editions.log || { cat build/editions.log; exit 1; }
	@touch $@
