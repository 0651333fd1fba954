#!/usr/bin/env bash
# ./test.sh        every test that needs only the .NET 10 SDK and little time
# ./test.sh --all  every test there is, and the analysers; installs the Debian packages that some need
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/prelude.sh"

filter=() analyse=()
case "${1:-}" in
    --all) install_missing chromium:chromium zstd:zstd nginx:nginx node:nodejs npm:npm; install_portkey; filter=(--fail-skips on); analyse=(-p:RunAnalyzers=true) ;;
    "") filter=(--filter-not-trait needs=chromium --filter-not-trait needs=zstd --filter-not-trait needs=nginx --filter-not-trait needs=node --filter-not-trait takes=minutes) ;;
    *) echo "usage: ./test.sh [--all]" >&2; exit 2 ;;
esac

# Everything in the solution, so that what no test touches is compiled too.
build Stillhunt.slnx ${analyse[@]+"${analyse[@]}"}
# As ./stillhunt sets it for what ends within minutes.
export DOTNET_TieredPGO="${DOTNET_TieredPGO:-0}"
status=0
dotnet artifacts/bin/Stillhunt.Tests/release/Stillhunt.Tests.dll --no-progress --no-ansi ${filter[@]+"${filter[@]}"} </dev/null || status=$?
if [[ $# -eq 0 ]]; then
    echo "Left to ./test.sh --all: the report as a picture (needs chromium), .zst logs (needs zstd), the configurations of nginx (needs nginx) and Portkey (needs node), what takes minutes (bars on other seeds and evasions), the analysers."
fi
exit "$status"
