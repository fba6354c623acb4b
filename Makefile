# The one task file. CI calls only `make test` (through .ci/run).

DEMO ?= pong
TARGET := $(or $(CARGO_TARGET_DIR),target)
PROGRAM := $(TARGET)/release/metapython
VENV := $(TARGET)/venv

# nextest has time limits and runs tests in parallel processes; where it is not installed, cargo's own runner serves.
NEXTEST := $(shell command -v cargo-nextest 2>/dev/null)
RUN_TESTS := $(if $(NEXTEST),cargo nextest run $(if $(CI),--profile ci),cargo test)
# The doctests have their own phase, which `cargo test` without a target selection would run a second time.
ALL_TESTS := $(if $(NEXTEST),,--lib --bins --tests)

.DEFAULT_GOAL := help
.PHONY: help setup build demo fmt lint test bench fuzz clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 15

setup: ## install the system packages that building and testing need (Debian, Ubuntu)
	@.ci/setup test

build: ## the program, optimised: target/release/metapython
	@.ci/setup
	cargo build --locked --release --bin metapython

demo: build ## play Pong; without a display, make a picture and a sound of it (DEMO=name for another)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    exec $(PROGRAM) run $(DEMO); \
	fi; \
	mkdir -p out && \
	$(PROGRAM) run $(DEMO) --headless --ticks 600 --screenshot out/$(DEMO).png --audio-out out/$(DEMO).wav && \
	echo "There is no display here. Ten seconds of $(DEMO): out/$(DEMO).png and out/$(DEMO).wav"

fmt: ## format the Rust sources
	cargo fmt --all

lint: ## dependency rule, clippy, shellcheck and cargo-deny (the last two where installed)
	@.ci/layers
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo clippy --locked -p metapython-engine --all-targets --no-default-features -- -D warnings
	@if command -v shellcheck >/dev/null; then shellcheck .ci/*; fi
	@if command -v cargo-deny >/dev/null; then cargo deny --locked check; fi

# The order: the quick checks first; clippy before the build, for its messages; the tests after the program that they
# run and the Python environment that they run it in.
# Link arguments of a build script do not reach doctests, so those are told where libpython is.
test: ## everything that must hold before a change is accepted
	@.ci/setup test
	@.ci/phase "Format" cargo fmt --all --check
	@.ci/phase "Dependency rule" .ci/layers
	@.ci/phase "Clippy" cargo clippy --locked --workspace --all-targets -- -D warnings
	@.ci/phase "Clippy, engine without SDL and audio" \
	    cargo clippy --locked -p metapython-engine --all-targets --no-default-features -- -D warnings
	@RUSTDOCFLAGS="-D warnings" .ci/phase "Documentation" cargo doc --locked --quiet --workspace --no-deps
	@.ci/phase "Build" cargo build --locked --workspace --all-targets
	@.ci/phase "Python environment" .ci/venv $(VENV)
	@.ci/phase "Engine tests without SDL and audio" \
	    $(RUN_TESTS) --locked -p metapython-engine --no-default-features $(ALL_TESTS)
	@.ci/phase "Rust tests" $(RUN_TESTS) --locked --workspace $(ALL_TESTS)
	@LD_LIBRARY_PATH=$$("$$(.ci/python)" -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))') \
	    .ci/phase "Documentation tests" cargo test --locked --workspace --doc
	@printf '\n==> Python tests\n'
	@MYPY_CACHE_DIR=$(TARGET)/mypy_cache $(VENV)/bin/python -m pytest -p no:cacheprovider tests/python

# Numbers are for people to judge: it fails only where the work that was measured was wrong.
bench: build ## what things cost beside their peers, as a table (ROWS="steps fields" for some, JSON=1 for machines)
	@.ci/venv $(VENV) >/dev/null
	@$(VENV)/bin/python tests/bench/table.py $(PROGRAM) $(ROWS) $(if $(JSON),--json)

fuzz: ## look for bytes that break the console or a loader (SECS=60 for each target; needs cargo-fuzz and a nightly toolchain)
	@for target in line query keys scene image sound font bindings; do \
	    mkdir -p $(TARGET)/fuzz/$$target && \
	    cargo +nightly fuzz run --fuzz-dir tests/fuzz --target-dir $(abspath $(TARGET))/fuzz/build $$target \
	        $(abspath $(TARGET))/fuzz/$$target $(abspath tests/fuzz/seeds)/$$target -- -max_total_time=$(or $(SECS),60) || exit 1; \
	done

clean: ## delete what was built
	cargo clean
	rm -rf out
