.PHONY: env run test checked tested test-long torture mutants screens bench catalogue lock clean
.DELETE_ON_ERROR:

# What is compiled once is kept, whatever the environment says: of the tests, and of the programs that they start.
unexport PYTHONDONTWRITEBYTECODE

bin := .venv/bin
catalogues := $(wildcard resources/i18n/*/LC_MESSAGES/bedside.po)
say = @printf '\n== %s ==\n'

env: .venv/program $(catalogues:.po=.mo)
	@.ci/need || true

.venv/bin/python:
	@.ci/python >/dev/null || { .ci/need; exit 1; }
	"$$(.ci/python)" -m venv .venv

.venv/packages: requirements.lock | .venv/bin/python
	$(bin)/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@touch $@

.venv/program: pyproject.toml .venv/packages
	$(bin)/python -m pip install --quiet --no-build-isolation --no-deps -e .
	@touch $@

# Not `pybabel compile`: it takes the “% o” of “{share} % of” for a C format and refuses the translation.
%.mo: %.po | .venv/program
	$(bin)/python -c 'import sys; from babel.messages import mofile, pofile; \
	    mofile.write_mo(open(sys.argv[2], "wb"), pofile.read_po(open(sys.argv[1], "rb")))' $< $@

run: env
	@.ci/need
	$(bin)/bedside practice

# Both at once: of two cores one would rest while types are checked.
test: export QT_QPA_PLATFORM ?= offscreen
test: env
	@$(MAKE) --no-print-directory -j2 checked tested

checked:
	$(say) 'lint'
	$(bin)/ruff check .
	$(say) 'format'
	$(bin)/ruff format --check .
	$(say) 'layers'
	$(bin)/lint-imports --no-logo
	$(say) 'types'
	$(bin)/mypy

tested:
	$(say) 'tests'
	$(bin)/pytest -n 3 --dist loadscope --cov --cov-report=
	$(say) 'coverage: every branch of the domain and the decoders'
	$(bin)/coverage report --fail-under=100

test-long: export QT_QPA_PLATFORM ?= offscreen
test-long: env
	$(bin)/pytest -n auto --maxprocesses 2 -m "long or hypothesis" --hypothesis-profile=long

# The record under kills, power cuts at every write, I/O errors and a file that is taken away; the counts are printed.
torture: env
	$(bin)/pytest -s -m torture tests/torture

# Code changed one way at a time: would a test notice? Linux only, hours for all; ROOM= one room or file (docs/adr/0019).
mutants: export QT_QPA_PLATFORM ?= offscreen
mutants: env
	nice $(bin)/python -m tests.mutants $(ROOM)

# Every page and every question in both themes, both languages and three sizes: looked at by machine, kept in build/screens.
screens: export QT_QPA_PLATFORM ?= offscreen
screens: env
	$(bin)/pytest -n auto --maxprocesses 2 -m screens tests/ui/screens

bench: export QT_QPA_PLATFORM ?= offscreen
bench: env
	$(bin)/python -m tests.bench $(MEASURE)

catalogue: env
	@mkdir -p build
	$(bin)/pybabel --quiet extract -F babel.cfg --no-default-keywords -k say --no-location --no-wrap --sort-output \
	    --project bedside --copyright-holder 'Bedside contributors' -o build/bedside.pot app ui devices db
	$(bin)/pybabel --quiet update --init-missing --ignore-pot-creation-date --no-wrap --no-fuzzy-matching --ignore-obsolete \
	    -D bedside -l zh_CN -i build/bedside.pot -d resources/i18n

# Needs uv. Keeps the versions already locked where they still fit; delete the lock to take the newest.
lock:
	uv --no-config --quiet pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* \
	    build dist practice *.egg-info $(catalogues:.po=.mo)
	find app ui devices db tests resources -name __pycache__ -type d -prune -exec rm -rf {} +
