#!/usr/bin/env bash
# Chromium for the browser tests: by apt when root, otherwise say what to install.
set -euo pipefail
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
  echo "Les tests ont besoin de Chromium : installez le paquet chromium, puis relancez make test." >&2
  exit 1
fi
