#!/usr/bin/env bash
# setup.sh [local|dev]: make this checkout ready to run (local, the default) or to be tested (dev).
#
# Installs what is missing and nothing else: Debian packages (by apt, as root or through sudo), the virtual
# environment .venv from locked, hashed versions, Apache Kafka's jars. Starts nothing; quick when all is there.
# Exit status 2: something must be installed by hand; the message says what.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${1:-local}
lists=(deploy/debian-packages.txt)
[[ $profile == dev ]] && lists+=(tests/debian-packages.txt)

say() { echo "wetink: $*" >&2; }

# The two tests that the package lists name: Java 17 or newer; Maven, which is only needed until the jars are there.
has_java() {
  local java=java version
  [[ -z ${JAVA_HOME:-} ]] || java=$JAVA_HOME/bin/java
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') && [[ ${version:-0} -ge 17 ]]
}
has_maven() { [[ -d .venv/share/wetink/kafka ]] || command -v mvn; }

missing_packages() {
  local package probe
  while read -r package probe; do
    [[ -z $package || $package == \#* ]] || eval "$probe" >/dev/null 2>&1 </dev/null || echo "$package"
  done < <(cat "${lists[@]}")
}

by_hand() {
  say "$1"
  say "Please install these packages and run the same command again:"
  say "    apt-get install $2"
  exit 2
}

install_packages() {
  local missing=$1 as_root=()
  command -v apt-get >/dev/null || by_hand "Packages are missing, and this machine has no apt-get." "$missing"
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || by_hand "Packages are missing, and there is neither root nor sudo." "$missing"
    [[ -t 0 ]] || sudo -n true 2>/dev/null || by_hand "Packages are missing, and sudo would ask for a password." "$missing"
    as_root=(sudo)
  fi
  say "installing Debian packages${as_root:+ with sudo}: $missing"
  "${as_root[@]}" apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# What the environment was made from; it is made anew when any of it changes.
fingerprint() { { pwd; python3 -V; cat "deploy/locks/$profile.txt" pyproject.toml; } | sha256sum; }

install_python() {
  local stamp=.venv/$profile.stamp
  [[ -f $stamp && $(fingerprint) == "$(<"$stamp")" && -x .venv/bin/wetink ]] && return
  python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
    by_hand "Wetink needs Python 3.11, 3.12 or 3.13; this is $(python3 -V)." python3.11
  say "installing Python packages into .venv"
  .venv/bin/python -c '' 2>/dev/null || python3 -m venv --clear .venv
  local pip=(.venv/bin/python -m pip --disable-pip-version-check -q)
  "${pip[@]}" install --require-hashes -r "deploy/locks/$profile.txt"
  "${pip[@]}" install --no-deps --no-build-isolation --editable .
  fingerprint >"$stamp"
}

missing=$(missing_packages | xargs)
[[ -z $missing ]] || install_packages "$missing"
install_python
.venv/bin/python -m deploy.local.kafka install
