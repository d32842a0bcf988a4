# Two commands do everything on a machine with Python 3.11 and Java 17: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/.installed

# Many short processes run here. If this variable is set, as in containers, each of them compiles every module again.
export PYTHONDONTWRITEBYTECODE :=

TREEBANKS ?= ../shared/treebank

.PHONY: setup check test slow-test coverage faults cluster-test mutants floors tagger demo bench docs lock generate format clean

setup: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml setup.py
	@"$(PYTHON)" -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 13) else "newsclaims needs Python 3.11 or 3.12, and $(PYTHON) is " + sys.version.split()[0] + ": set PYTHON=/path/to/python3.11")'
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

check: setup ## format, lint, types, imports, dependencies, generated files, strict build of the documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m schemas.generate --check
	$(BIN)/python -m connectors.reference --check
	$(BIN)/python -m dashboards.build --check
	$(BIN)/python -m dashboards.kibana.searches_page --check
	$(BIN)/python -m docs.generate --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

test: check ## every test but the long scenarios, with real servers
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder -m "not slow"

slow-test: setup ## the long scenarios: runs that are killed, second jobs, backups, security, the sample feed again
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder -m slow

coverage: setup ## the share of the code that tests without servers reach; it has a floor
	$(BIN)/python -m pytest --numprocesses 2 -m "not integration" --ignore=tests/benchmarks --cov --cov-fail-under=81 --cov-report=term

faults: setup ## breaks servers, network and processes while the job reads; nothing may be lost or doubled
	$(BIN)/python -m tests.faults

cluster-test: setup ## the job on a real Flink cluster whose processes are killed, stopped and rescaled
	$(BIN)/python -m tests.cluster

floors: setup ## raises the floors of the quality gates to what the text rules reach
	$(BIN)/python -m tests.floors --update

mutants: setup ## damages the text rules one at a time and counts how many damages a test notices
	$(BIN)/python -m tests.mutants

tagger: setup ## learns the tagger of English word classes again from the treebanks in the folder TREEBANKS
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pipelines.text.english.training "$(TREEBANKS)"

demo: setup ## starts Kafka and Elasticsearch, runs the sample feed through the pipeline, shows the result
	$(BIN)/newsclaims demo

bench: setup ## benchmarks, each with its ratio to a baseline; fails if a ratio is worse than its history allows
	$(BIN)/python -m tests.benchmarks

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generate: setup ## writes the files that are generated from records, connectors, boards and commands
	$(BIN)/python -m schemas.generate
	$(BIN)/python -m connectors.reference
	$(BIN)/python -m dashboards.build
	$(BIN)/python -m dashboards.kibana.searches_page
	$(BIN)/python -m docs.generate

docs: setup ## the documentation site, in site/, built without network access
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lock: ## resolves the dependencies of pyproject.toml again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv build dist site *.egg-info .mypy_cache .ruff_cache .pytest_cache
