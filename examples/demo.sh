#!/usr/bin/env bash
# The main job in a minute: a log of a world that never was, an example programme over it, one lead's story.
# usage: examples/demo.sh NURTURE
set -euo pipefail
nurture=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }

say "checking the programme examples/welcome"
"$nurture" check "$here/welcome"

say "running its tests"
"$nurture" test "$here/welcome"

say "generating a year of 5,000 leads"
cd "$work"
"$nurture" log generate "$here/welcome/generate.toml" --count 5000 -o log.ndjson --leads leads.csv

say "simulating the programme over that year"
"$nurture" simulate "$here/welcome" --events log.ndjson --leads leads.csv
