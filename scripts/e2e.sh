#!/usr/bin/env bash
# Runs the page's tests in real Chromium against a real server with the sample, on a port of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --locked -q
work=$(mktemp -d)
trap 'kill $pid 2>/dev/null || true; rm -rf "$work"' EXIT
"${CARGO_TARGET_DIR:-target}/debug/townseat" serve --sample --open --listen 127.0.0.1:0 --store "gpkg:$work/town.gpkg" >"$work/out" &
pid=$!
until grep -q '^listening' "$work/out"; do kill -0 $pid; sleep 0.1; done
TOWNSEAT_URL=$(sed -n 's/^listening on //p' "$work/out") npm --prefix web run e2e
