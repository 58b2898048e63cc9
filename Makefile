# The project's commands. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PAGE := web/dist/index.html

help: ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: build ## Build, fill an empty store from the sample, and serve the map on this machine
	target/release/townseat serve --sample --open

build: $(PAGE) ## Build page and server into target/release/townseat
	cargo build --release --locked

page: $(PAGE) ## Build the map page alone

$(PAGE): web/package-lock.json $(shell find web/src web/index.html web/vite.config.ts -type f 2>/dev/null)
	cd web && npm ci --no-audit --no-fund && npm run build

test: ## Install what the tests need and run all of them
	scripts/test.sh

bench: build ## Measure (tests never time)
	scripts/bench.sh

.PHONY: help serve build page test bench
