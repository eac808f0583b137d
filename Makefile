# Needs Linux, Python 3.11 or newer with venv, and make. Nothing else.
#
#   make demo           the whole product with example content on http://127.0.0.1:8000 (PORT=8123 for another port)
#   make demo-stop      stop the demo of this clone that runs elsewhere
#   make demo-reset     begin the demo anew, after asking (FORCE=1 does not ask)
#   make test           all tests (ARGS="-k word" goes to pytest; DATABASE_URL, REDIS_URL for servers of your own)
#   make look           every page, narrow and wide, light and dark, with every rule of accessibility
#   make lint           all checks but the tests
#   make proof-process  definitions made at random, walks through them, faults put in, with figures (N=20000 for more)
#   make chaos          many runs while machines are killed, then checks; 12 minutes at most (SEED=2, RUNS=500)
#   make bench-engine   closes rounds that are due at once, beside other ways to do it (SIZES="1000 10000" for others)
#   make messages       extract the English interface strings for translators
#   make lock           resolve the lock files anew

SHELL := /bin/sh
.DEFAULT_GOAL := demo
.PHONY: demo demo-stop demo-reset test look lint proof-process chaos bench-engine lock messages install

PORT ?= 8000
export PORT FORCE SIZES

new_enough := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c '$(new_enough)' 2>/dev/null && command -v "$$name" && break; done)

install:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one with PYTHON=..."; exit 1; }
	@exec "$(PYTHON)" -m ekip.local.install

demo: install
	@exec .venv/bin/python -m ekip.local.demo

demo-reset: install
	@exec .venv/bin/python -m ekip.local.demo reset

demo-stop: install
	@exec .venv/bin/python -m ekip.local.demo stop

test: install
	@exec .venv/bin/python -m ekip.local.all_tests $(ARGS)

look: install
	@EVERY_LOOK=1 exec .venv/bin/python -m ekip.local.all_tests tests/browser/test_every_page.py

lint: install
	@exec .venv/bin/python -m ekip.local.with_servers .ci/lint

proof-process: install
	@exec .venv/bin/python -m tests.engine.process.proof $(N)

chaos: install
	@exec .venv/bin/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(RUNS),--runs $(RUNS)) $(ARGS)

bench-engine: install
	@exec .venv/bin/python -m ekip.local.with_servers .venv/bin/python -m tests.bench.engine

messages: install
	@exec .venv/bin/python -m ekip.local.with_servers .ci/messages

lock: install
	@exec .ci/lock
