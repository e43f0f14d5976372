#!/usr/bin/env bash
# Installs the given .deb, starts what it installed on its own display and bus, and removes it without a trace.
# usage: install.sh FILE.deb
set -euo pipefail

deb=$(realpath "$1")
name=$(dpkg-deb -f "$deb" Package)
work=$(mktemp -d)
pids=()
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  as_root dpkg --purge "$name" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "package test: $1" >&2; [ ! -f "$work/log" ] || tail -n 20 "$work/log" >&2; echo "0 passed, 1 failed"; exit 1; }
# Polls "$@" until it holds or 30 s have gone by.
until_true() { for _ in $(seq 150); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.2; done; return 1; }

as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$deb" >/dev/null
dpkg-query -L "$name" | sort > "$work/files"
program=$(grep -E '^/usr/bin/tocsin-desktop$' "$work/files") || fail "the package has no /usr/bin/tocsin-desktop"
grep -qE '^/usr/bin/tocsin$' "$work/files" || fail "the package has no /usr/bin/tocsin"
entry=$(grep -E '\.desktop$' "$work/files") || fail "the package has no desktop entry"
desktop-file-validate "$entry" || fail "the desktop entry is not valid"
grep -qE 'icons/hicolor/.*\.png$' "$work/files" || fail "the package has no icons"
tocsin --version >/dev/null || fail "the installed command does not start"

# The installed program, with a home, a display and a bus of its own.
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" XDG_DATA_HOME="$work/home/.local/share"
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"; chmod 700 "$XDG_RUNTIME_DIR"
exec 7> "$work/display"
Xvfb -displayfd 7 -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 & pids+=($!)
until_true test -s "$work/display" || fail "no display"
DISPLAY=":$(tr -d '[:space:]' < "$work/display")"; export DISPLAY
dbus-daemon --session --nofork --print-address=8 8> "$work/bus" >/dev/null 2>&1 & pids+=($!)
until_true test -s "$work/bus" || fail "no bus"
DBUS_SESSION_BUS_ADDRESS=$(head -n 1 "$work/bus"); export DBUS_SESSION_BUS_ADDRESS
"$program" --demo > "$work/log" 2>&1 & app=$!; pids+=("$app")
until_true xdotool search --onlyvisible --name '^Tocsin' || fail "no window opened"
until_true find "$XDG_DATA_HOME" -name tocsin.db -print -quit || fail "no database was made"
kill -0 "$app" || fail "the program ended by itself"
kill "$app"; wait "$app" || true
data=$(find "$HOME" -name tocsin.db | head -n 1)
[ -n "$data" ] || fail "no database was made"

as_root dpkg --purge "$name" >/dev/null
while read -r file; do
  if [ -f "$file" ] || [ -L "$file" ]; then fail "$file is still there after the package was removed"; fi
done < "$work/files"
[ -f "$data" ] || fail "removing the package removed the user's data"
echo "package test: installed, opened its window, removed; the user's data stayed"
echo "1 passed, 0 failed"
