# `make demo` and `make test` are all the set-up there is.
PYTHON ?= python3
VENV ?= .venv
# How long each surface is fuzzed in `make test-all`.
FUZZ_SECONDS ?= 600
BIN := $(VENV)/bin
NATIVE := $(wildcard core/lunheng/native/*.pyx core/lunheng/native/*.pxd)

.PHONY: help env demo test test-all sanitize check docs format bench clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/'

$(VENV)/ready: pyproject.toml setup.py $(NATIVE)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --group dev --editable .
	touch $@

env: $(VENV)/ready  ## an environment with the package, built

demo: env  ## analyse the sample articles and say where the report is
	$(BIN)/lunheng run samples -o demo --fresh
	$(BIN)/lunheng report demo --to html --to markdown --to json

check: env  ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: check  ## everything a commit must pass
	$(BIN)/lunheng eval samples
	$(BIN)/pytest -m "not slow"

test-all: check  ## with the long runs: kills, fuzzers, extras, browser
	$(BIN)/python -m pip install --quiet --group browser --group embedding --group fuzz --editable '.[dask,docx,fsspec,opencc,parquet,pdf,ray,serve,sklearn,spacy,xlsx]'
	$(BIN)/lunheng eval samples
	LUNHENG_FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/pytest

docs: env  ## the documentation, into build/docs
	$(BIN)/python -m pip install --quiet --group docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --clean

SANITIZED := build/sanitized
SANITIZERS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize=alignment

sanitize: env  ## the native code under the address and undefined-behaviour sanitizers (gcc)
	CFLAGS="$(SANITIZERS)" LDFLAGS="-fsanitize=address,undefined" $(BIN)/python setup.py -q build \
		--build-lib $(SANITIZED) --build-temp build/sanitized-objects
	LD_PRELOAD="$$(gcc -print-file-name=libasan.so) $$(gcc -print-file-name=libubsan.so)" \
		ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
		PYTHONPATH=$(SANITIZED) $(BIN)/python -m pytest -p no:cacheprovider -q -m "not slow" \
		tests/native tests/tokenize tests/text

format: env  ## put the sources in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: env  ## measure against peers, where they are installed
	$(BIN)/pytest bench --benchmark-enable --benchmark-only

clean:  ## remove what was built
	rm -rf build dist $(VENV)
	find core -name '*.so' -delete
