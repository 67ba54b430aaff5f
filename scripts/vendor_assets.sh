#!/usr/bin/env bash
# Bring the front-end files that the repository carries, at pinned versions, through npm.
#   scripts/vendor_assets.sh          fetch, place and describe them in static/vendor/VENDORED.md
#   scripts/vendor_assets.sh --check  only compare the committed files with the sums in VENDORED.md
#   scripts/vendor_assets.sh --icons  only rebuild the icon sprite from scripts/icons.txt
# Nothing of npm is needed to run, test or build the site: this is for whoever changes a version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

BOOTSTRAP=5.3.9
FONT=5.3.0 # @fontsource/atkinson-hyperlegible-next
ICONS=1.13.2
AXE=4.14.1
WEIGHTS="400 600 700"
LIST=static/vendor/VENDORED.md

check() {
  local sums
  sums=$(sed -n 's/^| `\([^`]*\)` |.*| `\([0-9a-f]\{64\}\)` |$/\2  \1/p' "$LIST")
  [ -n "$sums" ] || { echo "$LIST names no file." >&2; exit 1; }
  sha256sum --check --quiet --strict <<<"$sums" || {
    echo "A vendored file is not the one described in $LIST. Run: make vendor" >&2
    exit 1
  }
}

if [ "${1:-}" = --check ]; then
  check
  exit
fi

command -v npm >/dev/null || { echo "npm is needed to fetch the front-end files." >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fetch() { # NAME VERSION PACKAGE: unpacks into $folder/NAME
  local archive
  archive=$(cd "$folder" && npm pack --silent "$3@$2" | tail -1)
  mkdir "$folder/$1"
  tar -xzf "$folder/$archive" -C "$folder/$1" --strip-components=1
}

fetch icons "$ICONS" bootstrap-icons
python3 scripts/make_icon_sprite.py "$folder/icons/icons" scripts/icons.txt static/img/icons.svg "$ICONS"

if [ "${1:-}" = --icons ]; then
  sum=$(sha256sum static/img/icons.svg | cut -d' ' -f1)
  sed -i "s/^\(| \`static\/img\/icons.svg\` |.*| \)\`[0-9a-f]*\` |\$/\1\`$sum\` |/" "$LIST"
  check
  exit
fi

fetch bootstrap "$BOOTSTRAP" bootstrap
fetch font "$FONT" @fontsource/atkinson-hyperlegible-next
fetch axe "$AXE" axe-core

mkdir -p static/vendor/bootstrap static/vendor/fonts static/vendor/icons tests/vendor
# A manifest storage follows sourceMappingURL comments to files that are not here: they go.
sed '/^\/\*# sourceMappingURL=.*\*\/$/d' "$folder/bootstrap/dist/css/bootstrap.min.css" \
  >static/vendor/bootstrap/bootstrap.min.css
cp "$folder/bootstrap/LICENSE" static/vendor/bootstrap/LICENSE
for subset in latin latin-ext; do
  for weight in $WEIGHTS; do
    cp "$folder/font/files/atkinson-hyperlegible-next-$subset-$weight-normal.woff2" \
      "static/vendor/fonts/atkinson-hyperlegible-next-$subset-$weight.woff2"
  done
done
cp "$folder/font/LICENSE" static/vendor/fonts/LICENSE
cp "$folder/icons/LICENSE" static/vendor/icons/LICENSE
cp "$folder/axe/axe.min.js" tests/vendor/axe.min.js
cp "$folder/axe/LICENSE" tests/vendor/axe.LICENSE

row() { printf '| `%s` | %s | %s | %s | `%s` |\n' "$1" "$2" "$3" "$4" "$(sha256sum "$1" | cut -d' ' -f1)"; }
{
  echo "# Vendored front-end files"
  echo
  echo "Made by \`scripts/vendor_assets.sh\` (\`make vendor\`), which pins the versions; \`make check\` compares the sums."
  echo "Bootstrap's file is the published one without its \`sourceMappingURL\` comment; the icon sprite holds only the"
  echo "icons named in \`scripts/icons.txt\`. \`tests/vendor/\` is used by the tests and never served."
  echo
  echo "| File | Package | Version | Licence | SHA-256 |"
  echo "|---|---|---|---|---|"
  row static/vendor/bootstrap/bootstrap.min.css bootstrap "$BOOTSTRAP" MIT
  row static/vendor/bootstrap/LICENSE bootstrap "$BOOTSTRAP" MIT
  for file in static/vendor/fonts/*.woff2 static/vendor/fonts/LICENSE; do
    row "$file" @fontsource/atkinson-hyperlegible-next "$FONT" OFL-1.1
  done
  row static/img/icons.svg bootstrap-icons "$ICONS" MIT
  row static/vendor/icons/LICENSE bootstrap-icons "$ICONS" MIT
  row tests/vendor/axe.min.js axe-core "$AXE" MPL-2.0
  row tests/vendor/axe.LICENSE axe-core "$AXE" MPL-2.0
} >"$LIST"
check
echo "Front-end files are in place; see $LIST"
