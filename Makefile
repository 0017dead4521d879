# The only list of the workbook's commands. Plain `make` prints it.

# Each command says itself what is wrong. With --question make passes a "no", exit status 1,
# on to its caller without an "Error 1" of its own; the + runs the commands all the same.
DRY := $(findstring n,$(firstword -$(MAKEFLAGS)))
QUIETLY := $(if $(DRY),@,+@)
MAKEFLAGS += --no-builtin-rules $(if $(DRY),,--question)
unexport MAKEFLAGS
PYTHON ?= python3
BOOTSTRAP = $(QUIETLY)$(PYTHON) workbook/setup/bootstrap.py
RUN = $(QUIETLY).venv/bin/python -m workbook

help:  ## Print this list.
	$(QUIETLY)awk -F ':.*## ' '/^[a-z%-]+:.*## / { gsub("%", "N", $$1); printf "  make %-18s %s\n", $$1, $$2 }' Makefile

stage-%:  ## Run stage N: web, workers and Redis together; Ctrl-C ends all.
	$(BOOTSTRAP) runtime
	$(RUN) stage $*

shell-%:  ## Open a Django shell inside the running stage N.
	$(BOOTSTRAP) runtime
	$(RUN) shell $*

doctor:  ## Say what works and what does not, one line each, with the remedy.
	$(BOOTSTRAP) runtime
	$(RUN) doctor

diff-%:  ## Show what stage N adds to the stage before it.
	$(BOOTSTRAP) runtime
	$(RUN) diff $*

redis:  ## Run the bundled Redis alone, on port 6379; Ctrl-C ends it.
	$(BOOTSTRAP) runtime
	$(RUN) redis

build:  ## Build the school yourself: your step, what it still misses, then the next.
	$(BOOTSTRAP) runtime
	$(RUN) build

build-watch:  ## The same at every save.
	$(BOOTSTRAP) runtime
	$(RUN) build watch

build-hint:  ## Show the next hint of the step you are at.
	$(BOOTSTRAP) runtime
	$(RUN) build hint

build-show:  ## Show the step you are at as a diff to your files.
	$(BOOTSTRAP) runtime
	$(RUN) build show

build-do:  ## Do the step for you; files of yours that differ are kept beside.
	$(BOOTSTRAP) runtime
	$(RUN) build do

build-run:  ## Run what you have built: whatever its Procfile.dev names.
	$(BOOTSTRAP) runtime
	$(RUN) build run

build-%:  ## Begin before a step, build-1-2; what you had is renamed.
	$(BOOTSTRAP) runtime
	$(RUN) build $*

exercises:  ## List the exercises: minutes, done or not, where to go next.
	$(BOOTSTRAP) runtime
	$(RUN) exercises

learn:  ## Open the course in the browser: what is done, and the checks live.
	$(BOOTSTRAP) runtime
	$(RUN) learn

exercise-%:  ## Check one, for example exercise-1-2; the first call makes your copy.
	$(BOOTSTRAP) runtime
	$(RUN) exercise $*

watch-%:  ## Check an exercise, watch-1-2, again at every save.
	$(BOOTSTRAP) runtime
	$(RUN) watch $*

hint-%:  ## Show the next of the three hints of an exercise, hint-1-2.
	$(BOOTSTRAP) runtime
	$(RUN) hint $*

solution-%:  ## Show an exercise's solution, solution-1-2, as a diff from your files.
	$(BOOTSTRAP) runtime
	$(RUN) solution $*

reset-%:  ## Start an exercise afresh, reset-1-2; your copy is renamed, not deleted.
	$(BOOTSTRAP) runtime
	$(RUN) reset $*

grade:  ## For teachers: check a folder of learners' work, make grade DIR=class.
	$(BOOTSTRAP) runtime
	$(RUN) grade

test:  ## Run everything: lint, stages, live, notebooks, exercises, browser.
	$(BOOTSTRAP) runtime dev notebooks
	$(RUN) test

test-%:  ## Run the tests of stage N alone.
	$(BOOTSTRAP) runtime dev notebooks
	$(RUN) test $*

notebooks:  ## Open JupyterLab on your own copies of the lessons.
	$(BOOTSTRAP) runtime dev notebooks
	$(RUN) notebooks

notebooks-test:  ## Run every lesson and compare it with its stored outputs.
	$(BOOTSTRAP) runtime dev notebooks
	$(RUN) notebooks-test

notebooks-refresh:  ## For maintainers: run the lessons and store what has changed.
	$(BOOTSTRAP) runtime dev notebooks
	$(RUN) notebooks-refresh

mutants:  ## For maintainers: break the stages on purpose and see the lessons fail.
	$(BOOTSTRAP) runtime dev notebooks
	$(RUN) mutants

mutants-all:  ## For maintainers: change every line that matters and see the tests fail.
	$(BOOTSTRAP) runtime dev notebooks
	$(RUN) mutants-all

bench:  ## Measure what is fast, side by side: a table of ratios, and plots.
	$(BOOTSTRAP) runtime dev
	$(QUIETLY).venv/bin/python -m benchmarks

pictures:  ## For maintainers: film the READMEs' moving pictures anew, from real runs.
	$(BOOTSTRAP) runtime dev
	$(RUN) pictures

lint:  ## Check style and formatting with ruff.
	$(BOOTSTRAP) runtime dev
	$(RUN) lint

lock:  ## For maintainers: compile pyproject.toml into requirements/*.txt (needs uv).
	$(BOOTSTRAP) runtime
	$(RUN) lock

carry:  ## For maintainers: copy each shared file of a stage into the later stages.
	$(BOOTSTRAP) runtime
	$(RUN) carry

clean:  ## Remove what runs left behind: databases, logs, mail, reports, caches.
	$(QUIETLY)$(PYTHON) -m workbook.setup.clean

# A word that is no command, as in `make stage1` or `make stage 1`.
.DEFAULT:
	$(QUIETLY)$(PYTHON) workbook/setup/meant.py $@

.PHONY: pictures notebooks notebooks-test notebooks-refresh mutants mutants-all bench help doctor redis build build-watch build-hint build-show build-do build-run learn exercises grade test lint lock carry clean
