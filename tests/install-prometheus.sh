#!/bin/sh
# Find a Prometheus for the tests of /metrics, or fetch Debian's into the folder $1, where no daemon of it is started.
# Where it cannot be had, the tests that need one say so and are skipped.
set -eu
folder=$1

has_prometheus() {
    command -v prometheus >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1 && return 0
    [ -x "$folder/usr/bin/prometheus" ] && [ -x "$folder/usr/bin/promtool" ]
}

fetch() {
    (cd "$scratch" && apt-get download -qq prometheus 2>/dev/null) && dpkg-deb -x "$scratch"/prometheus_*.deb "$folder"
}

has_prometheus && exit 0
if command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1; then
    echo "No Prometheus found; fetching one for the tests."
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    fetch && exit 0
    # A fresh container does not know its packages yet, and only root may tell it.
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    $as_root apt-get update -qq 2>/dev/null && fetch && exit 0
fi
echo "There is no Prometheus to be had here: the tests that need one are skipped (macOS: brew install prometheus)."
