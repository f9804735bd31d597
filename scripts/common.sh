# Shared by scripts/run and scripts/test: installs what is missing, configures and builds.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Another clone of the same sources finds what ccache kept of this one.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

install_packages() {
    local missing=() package
    while read -r package; do
        [ -n "$package" ] || continue
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done < scripts/packages.txt
    [ ${#missing[@]} -eq 0 ] && return
    echo "Installing ${#missing[@]} packages: ${missing[*]}" >&2
    local sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    "${sudo[@]}" apt-get update >&2
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2
}

# build TARGET...: configures the release preset once and builds the targets.
build() {
    [ -f build/release/build.ninja ] || cmake --preset release
    cmake --build --preset release --target "$@"
}
