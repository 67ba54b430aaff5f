#!/usr/bin/env bash
# The Nu HTML checker for the tests: too big to commit, so a pinned one is fetched through npm into var/tools/vnu.jar.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
VERSION=26.9.27
SHA256=22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47
jar=var/tools/vnu.jar

matches() { [ -f "$1" ] && echo "$SHA256  $1" | sha256sum --check --status; }

if matches "$jar"; then exit; fi
command -v npm >/dev/null || { echo "npm is needed to fetch the Nu HTML checker." >&2; exit 1; }
mkdir -p var/tools
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
archive=$(cd "$folder" && npm pack --silent "vnu-jar@$VERSION" | tail -1)
tar -xzf "$folder/$archive" -C "$folder" package/build/dist/vnu.jar
matches "$folder/package/build/dist/vnu.jar" || { echo "The fetched vnu.jar is not the pinned one." >&2; exit 1; }
mv "$folder/package/build/dist/vnu.jar" "$jar"
