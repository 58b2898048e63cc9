#!/usr/bin/env bash
# Installs what the tests need, runs format, lints and every test, and ends with the counts.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/need.sh || exit 1
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
# The same random cases every time here, so that a red run can be run again; `cargo test` by hand draws new ones.
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261124}
passed=0 failed=0
step() { # name command…: one step that passes or fails as a whole
  echo "== $1"
  if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}
counted() { # name command…: a step whose output says how many tests passed and failed
  echo "== $1"
  "${@:2}" 2>&1 | tee "$log/out"
  local code=${PIPESTATUS[0]} p f
  # cargo: "N passed; N failed"; vitest and Playwright: "N passed". Vitest counts files beside tests.
  count() { grep -v 'Test Files' "$log/out" | grep -oE "(^|[^0-9])[0-9]+ $1" | grep -oE '[0-9]+' | awk '{s += $1} END {print s + 0}'; }
  p=$(count passed) f=$(count failed)
  passed=$((passed + p)) failed=$((failed + f))
  if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then failed=$((failed + 1)); echo "FAILED: $1"; fi
}
step "page builds" make page
[ "$failed" -eq 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
step "format" cargo fmt --check
step "lints" cargo clippy --locked --all-targets -- -D warnings
counted "tests" cargo test --locked --no-fail-fast
step "page types" npm --prefix web run typecheck
counted "page units" npm --prefix web test
counted "page in the browser" scripts/e2e.sh
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
