#!/usr/bin/env bash
# stop-postgres.sh DIR: ends the server that start-postgres.sh DIR started (by the pid it recorded), keeps the data.
set -euo pipefail
DIR=$(cd "$1" && pwd -P)
pidfile=$DIR/data/postmaster.pid
[ -s "$pidfile" ] || exit 0
pid=$(head -n 1 "$pidfile")
[[ "$(tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null || true)" == *"$DIR/data"* ]] || exit 0
# INT: at once, but without a crash
kill -INT "$pid" 2>/dev/null || exit 0
for _ in $(seq 200); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.05; done
kill -KILL "$pid" 2>/dev/null || true
