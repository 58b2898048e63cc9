#!/bin/sh
# A private PostGIS cluster for the tests: no port, a socket in a temporary folder, no fsync.
# Prints "ready FOLDER" (the host to connect to, as user postgres), lives until its standard input ends,
# and then leaves nothing behind.
set -eu

missing() {
  echo "$1: the tests of the PostGIS store need PostgreSQL 13 or later with PostGIS 3" >&2
  echo "on Debian: apt-get install postgresql postgis postgresql-postgis" >&2
  exit 3
}

bin=
for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
  if [ -x "$folder/initdb" ]; then bin=$folder; fi
done
[ -n "$bin" ] || missing "no initdb found"
command -v psql >/dev/null || missing "no psql found"

folder=$(mktemp -d "${TMPDIR:-/tmp}/townseat-pg.XXXXXX")
# initdb refuses to run as root
as=
if [ "$(id -u)" = 0 ]; then
  id postgres >/dev/null 2>&1 || missing "no user postgres"
  chown postgres "$folder"
  as="runuser -u postgres --"
fi

stop() {
  trap - EXIT INT TERM HUP
  $as "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

cd "$folder"
$as "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
  { cat "$folder/initdb.log" >&2; exit 1; }
$as "$bin/pg_ctl" -D "$folder/data" -w -s -l "$folder/data/log" \
  -o "-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off -c max_connections=200 -c TimeZone=Asia/Shanghai" start
psql -q -h "$folder" -U postgres -d template1 -c 'CREATE EXTENSION postgis' >/dev/null || missing "no PostGIS found"

echo "ready $folder"
cat >/dev/null
