# The two commands: make run, make test. Everything else is for those who change the portal.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
WORKERS ?= auto
VENV = .venv/bin/python

.PHONY: run demo-year test reset dev gates lint types messages pages walk bench redaction-report integrity-report

run: ## start the portal with its own PostgreSQL and Valkey
	@exec $(PYTHON) -m stack.run --port $(PORT)

demo-year: ## the portal with the year of the city's report replayed, with data of its own
	@exec env DEMO_YEAR=1 $(PYTHON) -m stack.run --port $(PORT) --folder var/year

test: dev ## run every test on services of its own
	@$(VENV) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

reset: ## remove all data of make run, after asking
	@$(PYTHON) -m stack.reset

dev:
	@$(PYTHON) -m stack.run dev
	@$(VENV) -m tools.messages compile

gates: dev lint types ## everything that can be wrong without running a page
	@PORTAL_MODE=test DATABASE_URL=postgres://nobody@127.0.0.1:1/none $(VENV) -W ignore manage.py makemigrations --check --dry-run
	@.venv/bin/djade --check $$(git ls-files 'templates/*.html')
	@$(VENV) -m tools.messages check

lint:
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .

types:
	@PORTAL_MODE=test DATABASE_URL=postgres://nobody@127.0.0.1:1/none $(VENV) -m mypy common organizations identity rectification evaluations appeals assessment oversight disclosure reviews_portal stack tools

messages: ## collect the texts to translate and compile them
	@$(VENV) -m tools.messages update
	@$(VENV) -m tools.messages compile

pages: dev ## every page in every mode, with screenshots under var/pages
	@PAGES=all $(VENV) -m pytest tests/ui -n auto $(ARGS)

walk: dev ## tell the journeys of the demo's complaints as a person would read them
	@$(VENV) -m pytest tests/walks -m walk -s -q $(ARGS)

bench: dev ## how fast the intake is, as ratios; ARGS="--size small"
	@$(VENV) -m bench $(ARGS)

redaction-report: dev ## how much of what identifies people the rules find (docs/redaction.md); ARGS=--misses
	@$(VENV) -m tests.identity.redaction_report $(ARGS)

integrity-report: dev ## how much of labelled attacks the search of a day finds (docs/integrity.md); SEEDS=1,2 SIZE=400/50/200
	@INTEGRITY_SEEDS=$(or $(SEEDS),1,91,92) INTEGRITY_SIZE=$(or $(SIZE),400/50/200) $(VENV) -m pytest tests/assessment/test_simulation.py -m integrity -s -q $(ARGS)
