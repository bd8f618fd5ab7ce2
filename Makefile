# Two commands do everything on a fresh machine: `make demo` and `make test`.
# They need cargo, gcc and make; what else they use they install, or say how.

CARGO ?= cargo
# What a test run builds: everything but the codecs that take minutes to compile (feature `avif`, see test-avif).
FEATURES := keenpix/cli,keenpix/schema

.DEFAULT_GOAL := help
.PHONY: help demo gallery serverless test-serverless test-cdk layer test ready format-check lint unit docs dependencies node test-node test-avif bench corpus peers format clean

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: serverless ## Run the avatar stack on this machine: an upload page, S3, functions, CDN; stays up until Ctrl-C
	target/debug/keenpix-local-stack

gallery: ## Make avatars and responsive sets of real photos, and a contact sheet: out/index.html
	$(CARGO) build --release --package keenpix --features cli --bin keenpix
	$(CARGO) run --release --quiet --package keenpix-demo

test: format-check lint docs dependencies unit ## Run everything that CI runs

ready: test ## The same, under the name of the habit: run it before you push

format-check:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --all-targets --features $(FEATURES) -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --features $(FEATURES)

dependencies: ## Check that the default features pull no async runtime, no network, and no C into decoding
	scripts/check-dependencies

unit:
	$(CARGO) test --features $(FEATURES)

node: ## Build the native part of the npm package for development: bindings-node/*.node
	$(CARGO) build --package keenpix-node
	node bindings-node/scripts/place.mjs target/debug

test-node: node ## Test the npm package
	$(CARGO) clippy --package keenpix-node --no-deps -- -D warnings
	cd bindings-node && node --test test/

serverless: node ## Build the avatar stack of examples/serverless and install what it needs
	examples/serverless/bin/setup
	$(CARGO) build --package keenpix-local-stack

test-serverless: serverless ## Test the avatar stack: its functions, end to end, and in a browser
	examples/serverless/bin/setup chromium
	$(CARGO) clippy --package keenpix-local-stack --all-targets --no-deps -- -D warnings
	$(CARGO) test --package keenpix-local-stack
	ruby examples/serverless/functions/presign/test/presign_test.rb
	cd examples/serverless && npm test
	$(CARGO) build --package process-image
	cd examples/serverless && PROCESS_IMAGE=$(CURDIR)/target/debug/bootstrap node --test test/end-to-end.test.mjs

test-cdk: ## Test the deployment of the avatar stack: types, assertions, cdk-nag, cfn-lint
	cd examples/serverless/cdk && npm ci --no-audit --no-fund && npx tsc
	[ -x .venv/bin/pip ] || python3 -m venv .venv
	[ -x .venv/bin/cfn-lint ] || .venv/bin/pip install --quiet 'cfn-lint==1.*'
	cd examples/serverless/cdk && npm test && CFN_LINT=$(CURDIR)/.venv/bin/cfn-lint bin/lint

layer: node ## Build the Lambda layers of the avatar stack: examples/serverless/build/layers
	examples/serverless/bin/layer/node
	examples/serverless/bin/layer/python
	examples/serverless/bin/layer/ruby-jwt

bench: ## Measure each stage and whole transforms (criterion)
	$(CARGO) bench --package keenpix-benches

test-avif: ## Test the feature avif as well; needs cmake and nasm, and minutes
	scripts/need cmake nasm
	$(CARGO) test --release --package keenpix --package keenpix-avif-decode --package keenpix-avif-encode --features keenpix/avif --lib

corpus: ## Run the odd, broken and hostile files of ../shared/corpus: out/corpus.txt
	$(CARGO) build --release --package keenpix --features cli --bin keenpix
	python3 benches/corpus/run.py

format: ## Format the code
	$(CARGO) fmt --all

clean: ## Delete what was built and made
	$(CARGO) clean
	rm -rf out .cache
