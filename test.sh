#!/usr/bin/env bash
# ./test.sh        every test that needs only the .NET 10 SDK
# ./test.sh --all  every test there is; installs the Debian packages that some need
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Where Debian puts nginx; not everybody looks there.
PATH=$PATH:/usr/sbin

# program:package
needed=(chromium:chromium zstd:zstd nginx:nginx node:nodejs npm:npm)

# One after the other: a package may bring the program of a later one, as some builds of nodejs bring npm and refuse Debian's.
install_missing() {
    local root=() entry program package updated=
    for entry in "${needed[@]}"; do
        program=${entry%%:*} package=${entry##*:}
        command -v "$program" >/dev/null && continue
        if [[ $(id -u) -ne 0 ]]; then
            command -v sudo >/dev/null || { echo "test.sh: install $package (there is no sudo here), then run this again." >&2; exit 1; }
            root=(sudo)
        fi
        echo "Installing $package"
        if [[ -z $updated ]]; then
            ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get update -qq
            updated=1
        fi
        ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
    done
}

# The gateway that integrations/portkey is tested against, from the registry that npm is configured for.
install_portkey() {
    local folder=artifacts/portkey
    mkdir -p "$folder"
    cmp -s integrations/portkey/package-lock.json "$folder/package-lock.json" && [[ -e $folder/installed ]] && return
    rm -f "$folder/installed"
    cp integrations/portkey/package.json integrations/portkey/package-lock.json "$folder"
    npm ci --prefix "$folder" --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error >/dev/null
    touch "$folder/installed"
}

filter=()
case "${1:-}" in
    --all) install_missing; install_portkey; filter=(--fail-skips on) ;;
    "") filter=(--filter-not-trait needs=chromium --filter-not-trait needs=zstd --filter-not-trait needs=nginx --filter-not-trait needs=node) ;;
    *) echo "usage: ./test.sh [--all]" >&2; exit 2 ;;
esac

# Everything in the solution, so that what no test touches is compiled too.
log=$(dotnet build Stillhunt.slnx -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log"; exit 1; }
status=0
dotnet artifacts/bin/Stillhunt.Tests/release/Stillhunt.Tests.dll --no-progress --no-ansi ${filter[@]+"${filter[@]}"} </dev/null || status=$?
if [[ $# -eq 0 ]]; then
    echo "Left to ./test.sh --all: the report as a picture (needs chromium), .zst logs (needs zstd), the configurations of nginx (needs nginx) and Portkey (needs node)."
fi
exit "$status"
