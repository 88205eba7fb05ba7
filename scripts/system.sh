#!/bin/sh
# Install the named Debian packages that are missing; without the right to, say exactly which.
set -eu
missing=
for package in "$@"; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then as_root=
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else
  echo "Missing Debian package(s):$missing. Ask for them, or run: sudo apt-get install$missing" >&2
  exit 1
fi
echo "Installing$missing …" >&2
$as_root apt-get update -qq || true
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends $missing >/dev/null || {
  echo "Could not install:$missing. See the lines above; then run the same command again." >&2
  exit 1
}
