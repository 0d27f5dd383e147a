# The commands of this checkout. `make help` is made from the lines that have two hashes.
SHELL := /bin/bash
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests up down status demo test test-more test-by-hand lint format lock kafka-jars asyncapi chaos bench-memory bench-pipeline

help: ## show this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## /{printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is missing (Debian packages, .venv, Kafka); starts nothing
	@deploy/setup.sh local

setup-tests: ## the same, with what the tests need besides
	@deploy/setup.sh dev

up: setup ## start Kafka and all services, Ctrl-C stops them; DETACH=1 returns when all is ready
	@exec $(PYTHON) -m deploy.local.up $(if $(DETACH),--detach)

down: ## stop what `make up DETACH=1` started
	@exec $(PYTHON) -m deploy.local.down

status: ## processes, what waits, dead letters
	@exec .venv/bin/wetink status

demo: ## upload a sample filing to the running system and print the flags that come out
	@exec $(PYTHON) -m deploy.local.demo

lint: setup-tests ## ruff and mypy
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

format: setup-tests ## let ruff format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

test: setup-tests ## lint, and all tests but the slow ones
	@code=0; $(MAKE) --no-print-directory lint || code=1; \
	  $(PYTEST) -m "not slow" -n 2 --dist loadfile tests/unit || code=1; \
	  $(PYTEST) -m "not slow" --ignore=tests/unit --durations=20 || code=1; exit $$code

test-more: setup-tests ## the slow tests
	@$(PYTEST) -m "slow and not by_hand" --durations=20

test-by-hand: setup-tests ## the slowest tests: every fault point, Kafka's disk lost at every hop
	@$(PYTEST) -m by_hand

lock: ## pin all packages with hashes in deploy/locks; UPGRADE=1 takes newer versions
	@deploy/lock.sh $(if $(UPGRADE),--upgrade)

kafka-jars: ## write deploy/kafka/jars.sha256 again after a change of the pom
	@$(PYTHON) -m deploy.local.kafka list > deploy/kafka/jars.sha256.new
	@mv deploy/kafka/jars.sha256.new deploy/kafka/jars.sha256 && rm -rf .venv/share/wetink/kafka

asyncapi: setup-tests ## write docs/asyncapi.yaml from the topics and events
	@$(PYTHON) -m wetink.contracts.asyncapi

chaos: setup-tests ## pull plugs for twenty minutes: is anything lost, flagged twice or stuck?
	@$(PYTHON) -m benchmarks.chaos

bench-memory: setup-tests ## memory of the idle system without Kafka
	@$(PYTHON) -m benchmarks.idle_memory

bench-pipeline: setup-tests ## from upload to flag, on a running system of its own
	@$(PYTHON) -m benchmarks.upload_to_flag

bench-%: setup-tests ## any other of benchmarks/*.py, e.g. make bench-sandbox
	@$(PYTHON) -m benchmarks.$(subst -,_,$*)
