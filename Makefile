# Needs make and python3 (3.11 or later), nothing else: everything lives in .venv and build.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# No network and nothing outside the checkout for buf, ruff and mypy.
export BUF_CACHE_DIR := $(CURDIR)/build/buf
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# `make demo DEMO_CSV=file.csv`: import this file instead of an invented city.
export DEMO_CSV

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help dev demo serve test check lint types imports proto proto-check proto-lint proto-breaking \
        proto-baseline schema schema-check docs docs-check symbols pictures bare lock \
        bench bench-import bench-city bench-filing bench-search bench-read bench-fsck bench-sync \
        bench-publication bench-symbols bench-mass bench-verify \
        fuzz soak soak-model races kills import-kills mass-kills usage-kills drill db migrate fsck clean

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

dev: $(INSTALLED) ## Make the virtual environment in .venv from the locked dependencies.

$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than 3.11: run make PYTHON=python3.12, for example" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv module: install your system's python3-venv package" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED) ## Play the main job from start to end, and exit 0.
	$(BIN)/yizhao demo

serve: $(INSTALLED) ## Run everything on this machine until Ctrl-C.
	$(BIN)/yizhao up

test: $(INSTALLED) ## Run the tests; TESTS=tests/unit runs a part, ARGS=… goes to pytest.
	$(BIN)/python -m pytest $(TESTS) $(ARGS)

check: lint types imports proto-check proto-lint proto-breaking schema-check docs-check ## What CI checks besides the tests.

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

imports: $(INSTALLED)
	$(BIN)/lint-imports

proto: $(INSTALLED) ## Write proto/gen from the contract.
	$(BIN)/python proto/generate.py

proto-check: $(INSTALLED)
	$(BIN)/python proto/generate.py --check

proto-lint: $(INSTALLED) proto-check
	$(BIN)/buf lint

proto-breaking: $(INSTALLED) proto-check
	$(BIN)/buf build --exclude-source-info --path proto/yizhao --output build/contract.binpb
	$(BIN)/buf breaking build/contract.binpb --against proto/baseline.binpb

proto-baseline: $(INSTALLED) ## Accept today's contract as the one that must not break.
	$(BIN)/python proto/generate.py
	$(BIN)/buf build --exclude-source-info --path proto/yizhao --output proto/baseline.binpb

schema: $(INSTALLED) ## Write store/schema.sql from the migrations.
	$(BIN)/python -m registry_service.schema

schema-check: $(INSTALLED)
	$(BIN)/python -m registry_service.schema --check

docs: $(INSTALLED) ## Write the pages of docs/ that tables in the code make.
	$(BIN)/python -m registry_service.pages

docs-check: $(INSTALLED)
	$(BIN)/python -m registry_service.pages --check

symbols: $(INSTALLED) ## Write docs/symbols.md: sizes of symbols and how well they are read; needs node.
	$(BIN)/python -m tests.symbols

bare: $(INSTALLED) ## Prove that the checker needs nothing but its two dependencies.
	.ci/bare

lock: $(INSTALLED) ## Resolve the dependencies anew into requirements/.
	.ci/lock $(ARGS)

pictures: $(INSTALLED) ## Draw the stored pictures of printed faces anew; look at each.
	$(BIN)/python -m tests.pictures

bench: $(INSTALLED) ## Measure speed, as ratios in one run; an hour on 2 cores.
	$(BIN)/yizhao bench
	$(BIN)/python -m tests.load.bench_symbols 200
	$(BIN)/python -m tests.load.bench_import $(or $(ENTITIES),1000000)
	$(BIN)/python -m tests.load.bench_read 3000 10000 $(or $(ENTITIES),1000000)
	$(BIN)/python -m tests.load.bench_search 100 10000 100000 $(or $(ENTITIES),1000000)
	$(BIN)/python -m tests.load.bench_sync $(or $(ENTITIES),1000000) 5000
	$(BIN)/python -m tests.load.bench_publication $(or $(ENTITIES),1000000)
	$(BIN)/python -m tests.load.bench_mass 100000
	$(BIN)/python -m tests.load.bench_mass $(or $(ENTITIES),1000000)

bench-verify: $(INSTALLED) ## Measure the verifying service alone; six minutes on 2 cores.
	$(BIN)/yizhao bench $(ARGS)

fuzz: $(INSTALLED) ## Search for input that breaks a reader or is believed; SCANS=… SECONDS=….
	$(BIN)/python -m tests.fuzz $(or $(SCANS),1000000) $(or $(SECONDS),20)
	$(BIN)/python -m pytest --hypothesis-profile=fuzz tests/fuzz $(ARGS)

soak: $(INSTALLED) ## Verify under load while the registry is killed; SECONDS=… KILLS=….
	$(BIN)/python -m tests.load.soak $(or $(SECONDS),1200) $(KILLS)

soak-model: $(INSTALLED) ## Drive random acts for long against a naive model of the register.
	$(BIN)/python -m pytest --hypothesis-profile=fuzz --hypothesis-show-statistics tests/model $(ARGS)

races: $(INSTALLED) ## Race two writers on one entity 1,000 times.
	$(BIN)/python -m tests.load.races 1000

kills: $(INSTALLED) ## Kill the registry under load 100 times; no acknowledged act may be lost.
	$(BIN)/python -m tests.load.kills 100

drill: $(INSTALLED) ## Lose the database under a running verifier, restore an old backup, recover.
	$(BIN)/python -m pytest tests/e2e/recovery tests/db/recovery $(ARGS)

bench-import: $(INSTALLED) ## Measure the import of a file against a bare COPY; ENTITIES=….
	$(BIN)/python -m tests.load.bench_import $(or $(ENTITIES),1000000)

bench-city: $(INSTALLED) ## Bring a whole city in, places and licences too, and recheck it; ENTITIES=….
	$(BIN)/python -m tests.load.bench_city $(or $(ENTITIES),1000000)

import-kills: $(INSTALLED) ## Kill an import 30 times; the register must be the same to the byte.
	$(BIN)/python -m tests.load.import_kills 30 60000

bench-mass: $(INSTALLED) ## Measure a mass issue against raw signing; ENTITIES=….
	$(BIN)/python -m tests.load.bench_mass $(or $(ENTITIES),100000)

usage-kills: $(INSTALLED) ## Kill verifying nodes 30 times under load; each answer must be counted once.
	$(BIN)/python -m tests.load.usage_kills 30

mass-kills: $(INSTALLED) ## Kill a mass issue 50 times; each entity must have one live licence.
	$(BIN)/python -m tests.load.mass_kills 50 100000

bench-filing: $(INSTALLED) ## Measure filings at 10 k, 100 k and 1 M entities.
	$(BIN)/python -m tests.load.bench_filing 2000

bench-read: $(INSTALLED) ## Measure reading an entity against its SELECT and an empty call; SIZES=….
	$(BIN)/python -m tests.load.bench_read 3000 $(or $(SIZES),10000)

bench-search: $(INSTALLED) ## Measure searches at 10 k, 100 k and 1 M entities.
	$(BIN)/python -m tests.load.bench_search 200

bench-fsck: $(INSTALLED) ## Measure the recheck of a register of 100,000 entities.
	$(BIN)/python -m tests.load.bench_fsck 100000

bench-sync: $(INSTALLED) ## Measure a nightly delta of 5,000 rows at 1 M entities.
	$(BIN)/python -m tests.load.bench_sync

bench-publication: $(INSTALLED) ## Measure the way from an act to a verifier at 1 M licences; ENTITIES=….
	$(BIN)/python -m tests.load.bench_publication $(or $(ENTITIES),1000000)

bench-symbols: $(INSTALLED) ## Measure how fast symbols are drawn and read back.
	$(BIN)/python -m tests.load.bench_symbols 200

db: $(INSTALLED) ## Open psql on the running instance's database.
	$(BIN)/python -m registry_service.embedded .yizhao/database

migrate: $(INSTALLED) ## Bring the instance's database to the newest schema.
	$(BIN)/yizhao db migrate

fsck: $(INSTALLED) ## Recheck every stored fact.
	$(BIN)/yizhao fsck

clean: ## Remove what make made; the instance in .yizhao stays.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
