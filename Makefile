# Two commands do everything on a fresh machine: `make demo` and `make test`.
# They need cargo, gcc and make; what else they use they install, or say how.

CARGO ?= cargo
# What a test run builds: everything but the codecs that take minutes to compile (feature `avif`, see test-avif).
FEATURES := keenpix/cli,keenpix/schema
# What needs the AWS SDK: some 150 crates, built once. Always these packages together, or features differ and it is built again.
S3 := --package keenpix --package keenpix-s3-testing --package process-image --features keenpix/s3

.DEFAULT_GOAL := help
.PHONY: help demo test ready format-check lint unit docs dependencies node test-node test-s3 test-moto simulate test-avif bench corpus peers format clean

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: ## Make avatars and responsive sets of real photos, and a contact sheet: out/index.html
	$(CARGO) build --release --package keenpix --features cli --bin keenpix
	$(CARGO) run --release --quiet --package keenpix-demo

test: format-check lint docs dependencies unit test-s3 ## Run everything that CI runs

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

bench: ## Measure each stage and whole transforms (criterion)
	$(CARGO) bench --package keenpix-benches

test-s3: ## Test the feature s3 over the AWS SDK and an S3 server in the process, with faults; 1,000 runs of the simulation
	$(CARGO) clippy $(S3) --lib --bins --no-deps -- -D warnings
	$(CARGO) clippy $(S3) --test faults --test simulation --test events --no-deps -- -D warnings
	$(CARGO) test $(S3) --lib s3::
	$(CARGO) test $(S3) --test faults --test simulation --test events
	$(CARGO) test $(S3) --doc s3
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps $(S3)

test-moto: ## Test the feature s3 over moto, an S3 of others; needs python3
	scripts/need python3
	test -x .cache/moto/bin/moto_server || (python3 -m venv .cache/moto && .cache/moto/bin/pip install --quiet 'moto[server]==5.*')
	MOTO_SERVER=$(CURDIR)/.cache/moto/bin/moto_server $(CARGO) test $(S3),keenpix-s3-testing/moto --test moto

simulate: ## Run 10,000 seeds of the simulation of S3 events and faults (KEENPIX_RUNS=n for others, KEENPIX_SEED=n for one)
	KEENPIX_RUNS=$${KEENPIX_RUNS:-10000} $(CARGO) test $(S3) --test simulation -- --nocapture the_invariants_hold

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
