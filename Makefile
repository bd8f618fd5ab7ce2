# `make demo` and `make test` work on a fresh machine.
# They need cargo, gcc and make; the tests of the bindings also need Node and Python. They install anything else, or say
# how to.

CARGO ?= cargo
# The tests build everything except the codecs that take minutes to compile (feature `avif`, see test-avif).
FEATURES := keenpix/schema,keenpix/svg
# The packages that need the AWS SDK: some 150 crates, built once. Always build these packages together, because they
# are built again if their features differ.
S3 := --package keenpix --package keenpix-s3-server --package process-image \
	--features keenpix/s3,keenpix-s3-server/client

.DEFAULT_GOAL := help
.PHONY: help demo gallery serverless process-image test-serverless test-cdk stack-layers test ready format-check \
	form lint features lint-js spelling unit fuzz fuzz-check docs api api-s3 api-update dependencies advisories packages \
	node node-release layer-node layer need-node test-node test-bundlers wasm test-wasm \
	python test-python wheel test-wheel layer-python c-library test-c \
	test-s3 test-moto simulate test-avif bench corpus peers-python format clean

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

demo: serverless ## Run the avatar stack on this machine: an upload page, S3, functions, CDN; runs until Ctrl-C
	target/debug/keenpix-local-stack

gallery: ## Make avatars and responsive sets of real photos, and a contact sheet: out/index.html
	$(CARGO) build --release --package keenpix-cli
	$(CARGO) run --release --quiet --package keenpix-demo

QUICK := format-check form lint features lint-js spelling docs api dependencies packages

TESTS := unit test-node test-bundlers test-wasm test-c test-python test-s3 test-serverless test-cdk

test: $(QUICK) $(TESTS) ## Run everything that CI runs

ready: test ## The same as test: run it before you push

format-check:
	$(CARGO) fmt --all --check
	scripts/tool ruff format --check --quiet

lint:
	$(CARGO) clippy --all-targets --features $(FEATURES) -- -D warnings

form: ## Check line widths, and where modules and tests are
	scripts/check-form

features: ## Check the library with each feature on its own
	scripts/check-features

lint-js: bindings-node/node_modules/.package-lock.json ## Check how JavaScript and TypeScript are formatted, and lint it
	bindings-node/node_modules/.bin/biome check --error-on-warnings

spelling: ## Check the spelling of everything: British English (_typos.toml)
	scripts/tool typos --format brief

docs:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --features $(FEATURES)

api: ## Check that the public API is that of core/api.txt
	scripts/public-api core/api.txt $(UPDATE) -- --features $(FEATURES)

api-s3: ## Check that the public API of the feature s3 is that of core/api-s3.txt
	scripts/public-api core/api-s3.txt --under keenpix::s3 $(UPDATE) -- $(S3)

api-update: ## Rewrite core/api.txt and core/api-s3.txt, after an intended change of the API
	$(MAKE) api api-s3 UPDATE=--update

dependencies: ## Check the crates' dependencies: licences, sources, duplicates (deny.toml), no C by default
	scripts/check-dependencies
	scripts/tool cargo-deny --locked check -D warnings -A no-license-field bans licenses sources

advisories: ## Look for known vulnerabilities in the dependencies; needs the network
	scripts/tool cargo-deny --locked check advisories

packages: ## Check that the published crates contain their sources and licences, and nothing else
	scripts/check-packages

unit:
	$(CARGO) test --features $(FEATURES)

fuzz-check: ## Check the properties in fuzz with the files that fuzzing left behind; `make test` does it too
	$(CARGO) test --features $(FEATURES) --test fuzzed

fuzz: ## Fuzz each target for a while: SECONDS=60 TARGETS="png webp_decode"; installs cargo-fuzz
	CARGO=$(CARGO) scripts/fuzz $(or $(SECONDS),60) $(TARGETS)

node: ## Build the native part of the npm package for development: bindings-node/*.node
	$(CARGO) build --package keenpix-node
	node bindings-node/scripts/place.mjs $(or $(CARGO_TARGET_DIR),target)/debug

need-node:
	@command -v node npm python3 >/dev/null \
		|| { echo "The tests of the npm package need Node 20 or newer, npm and Python 3." >&2; exit 1; }

test-node: need-node node bindings-node/node_modules/.package-lock.json ## Test the npm package on each version of Node
	$(CARGO) clippy --package keenpix-node --no-deps -- -D warnings
	cd bindings-node && node --test --test-reporter=dot $$(find test -name '*.test.mjs')
	bindings-node/scripts/test-on-nodes

test-bundlers: need-node node bindings-node/bundlers/node_modules/.package-lock.json ## Test the npm package in bundles
	cd bindings-node/bundlers && node --test --test-reporter=dot bundlers.test.mjs

bindings-node/bundlers/node_modules/.package-lock.json: bindings-node/bundlers/package-lock.json
	npm ci --no-audit --no-fund --prefix bindings-node/bundlers
	touch $@

bindings-node/node_modules/.package-lock.json: bindings-node/package-lock.json
	npm ci --no-audit --no-fund --prefix bindings-node
	touch $@

wasm: need-node bindings-node/node_modules/.package-lock.json ## Build the npm package keenpix-wasm: bindings-wasm/dist
	bindings-wasm/scripts/build

test-wasm: wasm node bindings-wasm/node_modules/.package-lock.json ## Test keenpix-wasm in Node, workerd and Chromium
	$(CARGO) clippy --package keenpix-wasm --target wasm32-unknown-unknown --no-deps -- -D warnings
	bindings-node/node_modules/.bin/tsc --strict --noEmit --module nodenext --target es2022 --lib es2024,dom \
		--types node --typeRoots bindings-node/node_modules/@types bindings-wasm/test/types.mts
	cd bindings-wasm && node --test --test-reporter=dot test/*.test.mjs

bindings-wasm/node_modules/.package-lock.json: bindings-wasm/package-lock.json
	npm ci --no-audit --no-fund --prefix bindings-wasm
	touch $@

node-release: ## Build the published binary for Linux: every format, glibc 2.17; needs cmake and nasm, takes minutes
	bindings-node/scripts/build-release

layer-node: node-release ## Build the Lambda layer for Node: out/keenpix-layer.zip
	node bindings-node/scripts/layer.mjs

layer: layer-node layer-python stack-layers ## Build all the Lambda layers

python: ## Build the Python package for development: bindings-python/.venv
	scripts/python-environment
	cd bindings-python && VIRTUAL_ENV=$(CURDIR)/bindings-python/.venv .venv/bin/maturin develop --quiet

test-python: python ## Test the Python package, its types and its examples
	$(CARGO) clippy --package keenpix-python --no-deps -- -D warnings
	cd bindings-python && .venv/bin/ruff check --config pyproject.toml python scripts tests ../examples/python \
		../scripts/*.py
	cd bindings-python && .venv/bin/python -m pytest

wheel: ## Build the Python wheel for manylinux2014, one for all Python versions: out/wheels
	scripts/wheel

layer-python: wheel ## Build the Lambda layer for Python: out/keenpix-python-layer.zip
	python3 scripts/python-layer out/wheels/keenpix-*.whl out/keenpix-python-layer.zip

test-wheel: layer-python ## Install the wheel in an empty environment and try it on photographs
	scripts/test-wheel

c-library: ## Build the library with the C ABI: out/c/libkeenpix.so and its header
	$(CARGO) build --package keenpix-c --profile dist
	mkdir -p out/c && cp bindings-c/include/keenpix.h out/c/ && cp target/dist/libkeenpix_c.so out/c/libkeenpix.so

test-c: ## Test the C ABI with a C program and the Ruby example
	scripts/need ruby
	$(CARGO) clippy --package keenpix-c --all-targets --no-deps -- -D warnings
	$(CARGO) test --package keenpix-c
	$(CARGO) build --package keenpix-c
	KEENPIX_LIBRARY=$(CURDIR)/target/debug/libkeenpix_c.so ruby -w examples/ruby/test.rb

serverless: node ## Build the avatar stack of examples/serverless and install its dependencies
	examples/serverless/bin/setup
	$(CARGO) build --package keenpix-local-stack --package keenpix-s3-server

process-image: ## Build the avatar stack's function in Rust, for development: target/debug/bootstrap
	$(CARGO) build $(S3) --bin bootstrap

test-serverless: serverless ## Test the avatar stack: its functions, end to end, and in a browser
	examples/serverless/bin/setup chromium
	$(CARGO) clippy --package keenpix-local-stack --package keenpix-s3-server --lib --bins --no-deps -- -D warnings
	$(CARGO) test --package keenpix-local-stack
	ruby examples/serverless/functions/presign/test/presign_test.rb
	cd examples/serverless && npm test
	$(MAKE) process-image
	cd examples/serverless && PROCESS_IMAGE=$(CURDIR)/target/debug/bootstrap \
		node --test --test-concurrency=1 test/parity.test.mjs test/end-to-end.test.mjs

test-cdk: ## Test the deployment of the avatar stack: types, assertions, cdk-nag, cfn-lint
	cd examples/serverless/cdk && npm ci --no-audit --no-fund && npx tsc
	[ -x .venv/bin/pip ] || python3 -m venv .venv
	[ -x .venv/bin/cfn-lint ] || .venv/bin/pip install --quiet 'cfn-lint==1.*'
	cd examples/serverless/cdk && npm test && CFN_LINT=$(CURDIR)/.venv/bin/cfn-lint bin/lint

stack-layers: ## Lay out the Lambda layers of the avatar stack: examples/serverless/build/layers; after layer-node
	examples/serverless/bin/layer/node
	examples/serverless/bin/layer/python
	examples/serverless/bin/layer/ruby-jwt

bench: ## Measure each stage and whole transforms (criterion)
	$(CARGO) bench --package keenpix-benches

test-s3: ## Test the feature s3 with the AWS SDK and an in-process S3 server with faults; 1,000 runs of the simulation
	$(CARGO) clippy $(S3) --lib --bins --no-deps -- -D warnings
	$(CARGO) clippy $(S3) --test faults --test simulation --test events --no-deps -- -D warnings
	$(CARGO) test $(S3) --lib -- s3:: cors::
	$(CARGO) test $(S3) --test faults --test simulation --test events
	scripts/need python3
	test -x .cache/boto3/bin/pip || python3 -m venv .cache/boto3
	.cache/boto3/bin/pip install --quiet --requirement examples/serverless/s3-server/tests/presigned/requirements.txt
	.cache/boto3/bin/python examples/serverless/s3-server/tests/presigned/test_boto3.py
	$(CARGO) test $(S3) --doc s3
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps $(S3)
	$(MAKE) api-s3

test-moto: ## Test the feature s3 against moto, an independent S3 server; needs python3
	scripts/need python3
	test -x .cache/moto/bin/moto_server \
		|| (python3 -m venv .cache/moto && .cache/moto/bin/pip install --quiet 'moto[server]==5.*')
	MOTO_SERVER=$(CURDIR)/.cache/moto/bin/moto_server $(CARGO) test $(S3),keenpix-s3-server/moto --test moto

simulate: ## Run 10,000 seeds of the simulation of S3 events and faults (KEENPIX_RUNS=n, or KEENPIX_SEED=n for one)
	KEENPIX_RUNS=$${KEENPIX_RUNS:-10000} $(CARGO) test $(S3) --test simulation -- --nocapture the_invariants_hold

test-avif: ## Test the feature avif too; needs cmake and nasm, takes minutes
	scripts/need cmake nasm
	$(CARGO) clippy --release --package keenpix --features keenpix/avif --lib --tests --no-deps -- -D warnings
	$(CARGO) test --release --package keenpix --package keenpix-avif-decode --package keenpix-avif-encode \
		--package keenpix-fuzz --features keenpix/avif,keenpix-fuzz/avif --lib --test avif --test fuzzed

corpus: ## Run the odd, broken and hostile files of ../shared/corpus: out/corpus.txt; needs cmake and nasm
	scripts/need cmake nasm
	$(CARGO) build --release --package keenpix-cli --features avif
	python3 benches/corpus/run.py

peers-python: ## Compare the Python wheel with Pillow, Pillow-SIMD and pyvips: out/peers-python.md
	benches/peers/python.sh

format: bindings-node/node_modules/.package-lock.json ## Format the code
	scripts/check-form --fix || true
	$(CARGO) fmt --all
	scripts/tool ruff format --quiet
	bindings-node/node_modules/.bin/biome check --write

clean: ## Delete everything built or generated
	$(CARGO) clean
	rm -rf out .cache bindings-node/*.node bindings-node/node_modules
