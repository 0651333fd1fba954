# shellcheck shell=bash
# What test.sh and the scripts of eng/ and bench/ have in common. They source it after 'set -euo pipefail'; from there on the working folder is the repository's, and
# there are these functions.
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Where Debian puts nginx; not everybody looks there.
PATH=$PATH:/usr/sbin

# build PROJECT [OPTION...]: for release, into artifacts/. Says nothing, or prints what the build said and ends the script. Without analysers, as ./stillhunt builds, unless an option says otherwise.
build() {
    local log
    log=$(dotnet build "$1" -c Release -v quiet --nologo -p:RunAnalyzers=false "${@:2}" 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
}

# What 'build bench/Stillhunt.Bench' makes. The program itself is run as ./stillhunt, which builds what is missing and sets what a scan or a server needs.
bench=(dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll)

# install_missing PROGRAM:PACKAGE...: Debian's packages of the programs that are not there, as root or with sudo. One after the other: a package may bring the program
# of a later one, as some builds of nodejs bring npm and refuse Debian's.
install_missing() {
    local entry
    for entry in "$@"; do
        command -v "${entry%%:*}" >/dev/null || install_packages "${entry##*:}"
    done
}

# install_packages PACKAGE...: Debian's, as root or with sudo.
install_packages() {
    local root=()
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || { echo "$0: install $* (there is no sudo here), then run this again." >&2; exit 1; }
        root=(sudo)
    fi
    echo "Installing $*" >&2
    if [[ -z ${package_lists_are_new:-} ]]; then
        ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get update -qq
        package_lists_are_new=1
    fi
    ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# install_portkey: the gateway that integrations/portkey is made for, into artifacts/portkey, from the registry that npm is configured for.
install_portkey() {
    local folder=artifacts/portkey
    mkdir -p "$folder"
    cmp -s integrations/portkey/package-lock.json "$folder/package-lock.json" && [[ -e $folder/installed ]] && return
    rm -f "$folder/installed"
    cp integrations/portkey/package.json integrations/portkey/package-lock.json "$folder"
    npm ci --prefix "$folder" --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error >/dev/null
    touch "$folder/installed"
}

# workplace: makes the temporary $folder, with a key in $folder/key and room for a server's $store. When the script ends, what it started is stopped and the folder is taken away.
workplace() {
    folder=$(mktemp -d)
    store=$folder/s.db
    declare -gA pids=()
    echo 0123456789abcdef > "$folder/key"
    trap 'stop_all; rm -rf "$folder"' EXIT
}

# stop_all: ends all that still runs beside the script, and waits for it.
stop_all() {
    local running
    mapfile -t running < <(jobs -rp)
    [[ ${#running[@]} -eq 0 ]] || kill "${running[@]}" 2>/dev/null || true
    wait
}

# start NAME COMMAND...: runs a program beside the script, as process ${pids[NAME]}; what it says goes to $folder/NAME.log.
start() {
    # Here and not by the process: 'await' must not read what an earlier one said.
    : >"$folder/$1.log"
    "${@:2}" >"$folder/$1.log" 2>&1 </dev/null &
    pids[$1]=$!
}

# await NAME TEXT: until it has said so. If it ends before, prints what it said and ends the script.
await() {
    until grep -q -e "$2" "$folder/$1.log"; do
        kill -0 "${pids[$1]}" 2>/dev/null || { cat "$folder/$1.log" >&2; exit 1; }
        sleep 0.1
    done
}

# serve PORT OPTION...: starts ./stillhunt serve on $store under the name "serve", and waits until it serves. Its address is $server.
serve() {
    server=http://127.0.0.1:$1
    start serve ./stillhunt serve --store "$store" --key-file "$folder/key" --urls "$server" "${@:2}"
    await serve 'Serving on'
}
