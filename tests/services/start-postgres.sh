#!/usr/bin/env bash
# start-postgres.sh DIR PORT: a PostgreSQL server on 127.0.0.1:PORT with its data in DIR, of which nothing else knows.
# Anyone on this machine may connect as `postgres`; nothing is synced to the disk: for tests alone.
# As root the server runs as the user `postgres` (it refuses root), who must be able to enter DIR's parents.
set -euo pipefail
DIR=$(mkdir -p "$1" && cd "$1" && pwd -P) PORT=$2
bin=$(command -v postgres >/dev/null && dirname "$(readlink -f "$(command -v postgres)")" ||
      compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -n 1 | xargs -r dirname)
[ -n "$bin" ] || { echo "start-postgres: PostgreSQL is not installed" >&2; exit 1; }

as_owner=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$DIR"
  as_owner=(setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$DIR" LC_ALL=C)
fi
die() { echo "start-postgres: $1" >&2; tail -n 20 "$DIR"/*.log >&2 2>/dev/null || true; exit 1; }

cd /
if [ ! -s "$DIR/data/PG_VERSION" ]; then
  "${as_owner[@]}" sh -c "exec '$bin/initdb' -D '$DIR/data' -U postgres -A trust -E UTF8 --locale=C --no-sync >'$DIR/initdb.log' 2>&1" ||
    die "initdb failed"
fi
"${as_owner[@]}" "$bin/pg_ctl" -D "$DIR/data" -l "$DIR/server.log" -w -t 60 -s \
  -o "-p $PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=50" start </dev/null >&2 ||
  die "the server does not start"
