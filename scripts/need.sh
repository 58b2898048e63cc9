#!/usr/bin/env bash
# Looks for what the tests need; installs it as root on Debian, elsewhere says what is missing.
set -euo pipefail
want=()
[ -x /usr/lib/postgresql/15/bin/initdb ] && [ -f /usr/share/postgresql/15/extension/postgis.control ] || want+=(postgresql-15 postgresql-15-postgis-3)
command -v chromium >/dev/null || want+=(chromium)
command -v ogrinfo >/dev/null || want+=(gdal-bin)
fc-list :lang=zh 2>/dev/null | grep -q . || want+=(fonts-noto-cjk fontconfig)
if [ ${#want[@]} -eq 0 ]; then :
elif [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "installing: ${want[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${want[@]}" >/dev/null
else
  echo "The tests need these Debian packages: ${want[*]}"
  echo "Install them (as root: apt-get install ${want[*]}) and run make test again."
  exit 1
fi
# Python packages, in a folder of their own beside the tests.
if ! cmp -s tests/requirements.txt tests/.venv/installed.txt; then
  python3 -m venv tests/.venv
  tests/.venv/bin/pip install -q --disable-pip-version-check -r tests/requirements.txt
  cp tests/requirements.txt tests/.venv/installed.txt
fi
