# The commands of this project; each is a script that works without make too.
.PHONY: run test check format bench

run: ## a populated server
	@scripts/run

test: ## the tests, without the slow ones
	@scripts/test --quick

check: ## format, lint, types, imports, lengths, all tests with coverage
	@scripts/test

format: ## write the house's format
	@scripts/setup
	@.venv/bin/ruff format --quiet .
	@.venv/bin/ruff check --quiet --fix-only .

bench: ## measure, and print the ratio to a bare route of the same server
	@scripts/bench
