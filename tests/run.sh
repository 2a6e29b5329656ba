#!/usr/bin/env bash
# Builds everything and runs every test. Last line: "N passed, N failed" (and ", N skipped" if any); exit code 0 only
# if tests ran and none failed. Needs the .NET 10 SDK. On Debian and Ubuntu it installs what the system tests use
# (Chromium, PostgreSQL, mosquitto, CJK fonts) when it is missing and root or passwordless sudo is at hand.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1 CI="${CI:-true}"
exec </dev/null

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

finish() { # passed failed skipped
  if [ "$3" -gt 0 ]; then echo "$1 passed, $2 failed, $3 skipped"; else echo "$1 passed, $2 failed"; fi
  [ "$2" -eq 0 ] && [ "$1" -gt 0 ]
  exit
}

give_up() { # why
  echo "$1" >&2
  finish 0 1 0
}

find_chromium() {
  local candidate
  for candidate in "${TWIN_CHROMIUM:-}" chromium google-chrome-stable google-chrome chromium-browser \
    "$HOME"/.cache/ms-playwright/chromium-*/chrome-linux*/chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    [ -n "$candidate" ] && candidate=$(command -v "$candidate" 2>/dev/null) || continue
    # Ubuntu's chromium-browser may be a stub that only says "install the snap": ask it.
    timeout 20 "$candidate" --version >/dev/null 2>&1 && { echo "$candidate"; return; }
  done
}

find_postgres() { # the folder of initdb, which Debian keeps off the PATH
  local initdb
  for initdb in "${TWIN_POSTGRES_BIN:+$TWIN_POSTGRES_BIN/initdb}" "$(command -v initdb 2>/dev/null)" \
    $(ls -d /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb 2>/dev/null | sort -rV); do
    [ -x "$initdb" ] && { dirname "$initdb"; return; }
  done
}

has_mosquitto() { # Debian keeps it off the PATH of ordinary users
  [ -x /usr/sbin/mosquitto ] || command -v mosquitto >/dev/null
}

has_cjk_fonts() {
  if command -v fc-list >/dev/null; then [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]; else ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1; fi
}

install_packages() { # what only Debian and Ubuntu machines can do by themselves
  local missing=() root=()
  [ -n "$(find_chromium)" ] || missing+=(chromium)
  [ -n "$(find_postgres)" ] || missing+=(postgresql)
  has_mosquitto || missing+=(mosquitto)
  [ "$(uname)" = Darwin ] || has_cjk_fonts || missing+=(fonts-noto-cjk)
  [ ${#missing[@]} -gt 0 ] || return 0

  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then root=(sudo -n); else root=(none); fi
  fi
  if ! command -v apt-get >/dev/null || [ "${root[*]:-}" = none ]; then
    echo "Missing for the system tests: ${missing[*]}. Please install them (these are the Debian names;" \
      "Chromium may be any recent Chrome, its path in TWIN_CHROMIUM). Tests that need them are skipped." >&2
    return 0
  fi

  echo "Installing ${missing[*]}"
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
  "${apt[@]}" update >/dev/null || true
  local package
  for package in "${missing[@]}"; do # one by one: what cannot be had must not keep the others out
    "${apt[@]}" install -y --no-install-recommends "$package" >/dev/null 2>"$results/apt" ||
      { echo "Could not install $package; tests that need it are skipped. apt-get said:" >&2; tail -3 "$results/apt" >&2; }
  done
}

install_chromium_by_playwright() { # where apt only knows a snap (Ubuntu), the browser driver of the tests can fetch one itself
  local driver=tests/system/bin/Debug/net10.0/.playwright node
  node=$(ls "$driver"/node/*/node 2>/dev/null | head -1)
  [ -n "$node" ] || return 0
  echo "Installing Chromium by Playwright"
  if [ "$(id -u)" -eq 0 ]; then "$node" "$driver/package/cli.js" install-deps chromium >/dev/null 2>&1; fi
  "$node" "$driver/package/cli.js" install chromium >/dev/null 2>&1
}

command -v dotnet >/dev/null || give_up "The .NET 10 SDK is missing. Please install it: https://dotnet.microsoft.com/download (package dotnet-sdk-10.0)."
install_packages
dotnet build DigitalTwin.sln -v quiet || give_up "The build failed."

TWIN_CHROMIUM=$(find_chromium)
if [ -z "$TWIN_CHROMIUM" ]; then
  install_chromium_by_playwright
  TWIN_CHROMIUM=$(find_chromium)
fi
TWIN_POSTGRES_BIN=$(find_postgres)
export TWIN_CHROMIUM TWIN_POSTGRES_BIN
echo "Chromium: ${TWIN_CHROMIUM:-none}; PostgreSQL: ${TWIN_POSTGRES_BIN:-none}"

# One project after the other: system tests measure how fast the program answers, and need the machine to themselves.
dotnet test --solution DigitalTwin.sln --no-build --max-parallel-test-modules 1 --no-progress --timeout 30m \
  --results-directory "$results" --report-xunit-trx
outcome=$?

shopt -s nullglob
counters=$(for report in "$results"/*.trx; do grep -o '<Counters [^>]*>' "$report"; done)
sum() { grep -o " $1=\"[0-9]*\"" <<<"$counters" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
total=$(sum total)
passed=$(sum passed)
failed=$(($(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted)))
skipped=$((total - passed - failed))

if [ "$outcome" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "dotnet test ended with code $outcome although no test failed: a test project crashed or ran no test." >&2
  failed=1
fi
[ "$total" -gt 0 ] || echo "No test ran." >&2
finish "$passed" "$failed" "$skipped"
