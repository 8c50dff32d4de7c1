# Works on a machine with only Python (>= 3.10) and make.
PYTHON ?= python3
CKAN ?= 2.12
ARGS ?=
VENV = .venv$(if $(filter-out 2.12,$(CKAN)),-$(CKAN))
BIN = $(VENV)/bin
SUFFIX = $(if $(filter-out 2.12,$(CKAN)),-$(CKAN))
STAMP = $(VENV)/.installed
# The other contracts read packages and documents, and the services are PostgreSQL, Valkey and Solr: the same for any CKAN.
SERVICES = $(if $(SUFFIX),tests/contract/test_plugins_together.py tests/contract/test_replaced_words.py tests/integration --ignore=tests/integration/test_portal_services.py,tests/contract tests/integration)
# Without the plugins of CKAN, which start it.
ALONE = -q -p no:ckan -p no:ckan_fixtures

.DEFAULT_GOAL := help
.PHONY: help install portal test unit services browser check bench i18n docs manual clean

help: ## what can be done
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /  make \1\t/'

$(STAMP): pyproject.toml setup.py requirements/*.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[test$(SUFFIX),check]'
	mkdir -p $(VENV)/links && ln -sfn ../../portal $(VENV)/links/culturape_portal
	touch $(STAMP)

install: $(STAMP) ## environment with all that is needed, in .venv

portal: $(STAMP) ## a whole portal with sample records: http://127.0.0.1:5000
	$(BIN)/culturape-portal up $(ARGS)

test: $(if $(SUFFIX),services,unit services browser) ## all tests, with all services; with -j3 at once; make test CKAN=2.11 for the other version

services: $(STAMP)
	$(BIN)/python -m pytest $(SERVICES) -q $(ARGS)

browser: $(STAMP) ## journeys and accessibility in Chromium, on a portal of their own
	$(BIN)/python -m pytest tests/browser $(ALONE) $(ARGS)

unit: $(STAMP) ## tests without services, in seconds
	$(BIN)/python -m pytest tests/unit $(ALONE) $(ARGS)

check: $(STAMP) ## style, types, layers, templates, translations, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint ckanext/culturape/templates ckanext/culturape/agenda/templates ckanext/culturape/coverage/templates ckanext/culturape/dcat/templates ckanext/culturape/harvest/templates
	$(BIN)/python scripts/i18n.py check
	$(BIN)/python scripts/build_docs.py --check
	$(BIN)/mkdocs build --quiet --strict

bench: $(STAMP) ## every promise of speed, measured; the lines go to benchmarks/results.txt
	$(BIN)/python benchmarks/run.py $(ARGS)

i18n: $(STAMP) ## extract messages, update and compile the catalogues
	$(BIN)/python scripts/i18n.py update

docs: $(STAMP) ## generated tables and the site of the documentation
	$(BIN)/python scripts/build_docs.py
	$(BIN)/mkdocs build --strict

manual: $(STAMP) ## the pictures of the manual, taken anew by the browser tests
	CULTURAPE_MANUAL=1 $(MAKE) browser

clean: ## remove what was built
	rm -rf build dist *.egg-info site .venv*/
