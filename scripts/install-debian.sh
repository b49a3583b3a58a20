#!/usr/bin/env bash
# Debian packages that zugao uses but does not need to start:
#   libreoffice-writer-nogui   reads .doc .wps .rtf .odt (converted to .docx)
#   fonts-noto-cjk             Chinese glyphs for converted and printed pages
#   chromium                   opens the desk's pages in the tests
# Without them such files are kept with the reason "needs_libreoffice", and the tests marked
# `office` or `browser` are skipped.
set -euo pipefail
sudo=""
[ "$(id -u)" -eq 0 ] || sudo="sudo"
missing=()
command -v soffice >/dev/null 2>&1 || missing+=(libreoffice-writer-nogui)
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk fontconfig)
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
if [ "${#missing[@]}" -eq 0 ]; then
    echo "nothing to install"
    exit 0
fi
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"
