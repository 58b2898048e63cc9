#!/usr/bin/env bash
# Measures the service. Alone: on a town of its own making. Beside other servers: set BENCH to the folder of
# the comparison scripts and PEERS to their work folder (lists and data made by them), SCALE to s or m.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${CARGO_TARGET_DIR:-$PWD/target}/release/townseat
work=$(mktemp -d)
trap 'kill $(cat "$work/pid" 2>/dev/null) 2>/dev/null || true; rm -rf "$work"' EXIT
port=${PORT:-8190}

start() { # words…: serve and wait until it listens; prints seconds to ready and resident memory
  local t0 t1
  t0=$(date +%s.%N)
  TOWNSEAT_LOG=error "$bin" serve --listen "127.0.0.1:$port" --open --store "gpkg:$work/town.gpkg" "${seeds[@]}" "$@" >"$work/out" &
  echo $! >"$work/pid"
  until grep -q '^listening' "$work/out"; do sleep 0.02; done
  t1=$(date +%s.%N)
  awk -v a="$t0" -v b="$t1" -v rss="$(awk '/VmRSS/ {print $2}' "/proc/$(cat "$work/pid")/status")" \
    'BEGIN {printf "ready after %.2f s, resident %.0f MB\n", b - a, rss / 1024}'
}
stop() { kill "$(cat "$work/pid")" && wait "$(cat "$work/pid")" 2>/dev/null || true; rm -f "$work/pid"; }

if [ -n "${BENCH:-}" ] && [ -n "${PEERS:-}" ]; then
  s=${SCALE:-m} S=$(echo "${SCALE:-m}" | tr sml SML)
  seeds=(--seeds "$PWD/tests/bench/seeds")
  layers=zones,streets,pipes,green_belts,buildings,facilities,manholes,plants
  for l in ${layers//,/ }; do
    "$bin" import "$PEERS/data/$S/$l.ndjson" --layer "$l" --store "gpkg:$work/town.gpkg" "${seeds[@]}"
  done
  m() { # label list path, then options
    python3 "$BENCH/measure.py" --label "$1" --base "http://127.0.0.1:$port" --pids "$work/pid" --list "$2" --path "$3" \
      --seconds "${SECS:-8}" --out "$PEERS/results-$s.jsonl" "${@:4}"
  }
  L=$PEERS/lists
  mkdir -p "$L/q-$s"
  for q in item bbox equal cql; do
    sed -E -e 's#^/collections/public\.#/api/collections/#' -e 's/&f=geojson|\?f=geojson//' "$L/q-$s/tipg-$q.txt" >"$L/q-$s/townseat-$q.txt"
  done
  echo "== start, no tile cache"; start --cache-mb 0
  m cold/townseat "$L/$s.txt" "/tiles/$layers/{z}/{x}/{y}" --mode once
  m cold/townseat "$L/$s.txt" "/tiles/$layers/{z}/{x}/{y}" --mode once --conns 8 --gzip
  for q in item bbox equal cql; do m "$q/townseat" "$L/q-$s/townseat-$q.txt" "" --mode once; done
  stop
  echo "== start, tile cache"; start --cache-mb 1024
  for enc in "" --gzip; do
    m first/townseat "$L/$s.txt" "/tiles/$layers/{z}/{x}/{y}" --mode once --conns 8 $enc
    m warm/townseat "$L/$s.txt" "/tiles/$layers/{z}/{x}/{y}" $enc
  done
  m hot/townseat "$L/$s-hot.txt" "/tiles/$layers/{z}/{x}/{y}"
  awk '/VmRSS/ {printf "resident with a full cache: %.0f MB\n", $2 / 1024}' "/proc/$(cat "$work/pid")/status"
  stop
else
  seeds=()
  scale=${SCALE:-15}
  "$bin" sample --scale "$scale" --seed 1 --to "$work/town"
  for f in "$work"/town/*.geojson; do
    /usr/bin/env time -f "%es %MkB" "$bin" import "$f" --layer "$(basename "$f" .geojson)" --store "gpkg:$work/town.gpkg" 2>&1 | tail -n 2
  done
  start
  python3 scripts/walk_tiles.py "http://127.0.0.1:$port" --seconds "${SECS:-8}"
  stop
fi
