#!/usr/bin/env bash
# What asking Stillhunt adds to a request: nginx and Portkey's gateway in front of a model that answers at once, with and without the shipped configuration, in turns; and the questions
# of Envoy and LiteLLM, which no registry here has, by themselves.
# Installs Debian's nginx, wrk, nodejs and npm if they are missing. Prints a Markdown table.
# bench/adapters.sh [SECONDS for each row, default 10] [CONNECTIONS, default 4]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
seconds=${1:-10} connections=${2:-4}
install_missing nginx:nginx wrk:wrk node:nodejs npm:npm
install_portkey
workplace
# nginx's workers are another user.
chmod 711 "$folder"

# The model: an answer of a few hundred bytes, at once.
mkdir "$folder/model" "$folder/plain" "$folder/asking"
cat > "$folder/model/nginx.conf" <<'CONF'
pid nginx.pid; error_log stderr; events {}
http {
    access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    keepalive_requests 1000000;
    server {
        listen 127.0.0.1:18000;
        default_type application/json;
        location / { return 200 '{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m-1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Seven."}}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}'; }
    }
}
CONF
cp integrations/nginx/* "$folder/asking"
sed -i -e 's/127.0.0.1:8000/127.0.0.1:18000/' -e 's/127.0.0.1:8087/127.0.0.1:18087/' -e 's/127.0.0.1:8080/127.0.0.1:18081/' "$folder/asking/nginx.conf"
cp "$folder"/asking/* "$folder/plain"
sed -i -e '/include stillhunt-/d' -e 's/127.0.0.1:18081/127.0.0.1:18080/' "$folder/plain/nginx.conf"
for name in model plain asking; do
    start "$name" nginx -e stderr -p "$folder/$name" -c "$folder/$name/nginx.conf" -g 'daemon off;'
done
start portkey node artifacts/portkey/node_modules/@portkey-ai/gateway/build/start-server.js --port=18787 --headless
serve 18087 --policy policies/enforce.yaml
for _ in $(seq 600); do
    curl -s -o /dev/null http://127.0.0.1:18787 && curl -s -o /dev/null http://127.0.0.1:18080 && break
    sleep 0.2
done

body='{"model":"m-1","messages":[{"role":"user","content":"Three and four?"}]}'
# request NAME HEADER-LINES...: a wrk script; to $path if that is set
request() {
    local name=$1; shift
    { printf "wrk.method = 'POST'\nwrk.path = '%s'\nwrk.body = [[%s]]\nwrk.headers['Content-Type'] = 'application/json'\n" "${path:-/v1/chat/completions}" "$body"
      while [[ $# -gt 0 ]]; do printf "wrk.headers['%s'] = [[%s]]\n" "$1" "$2"; shift 2; done; } > "$folder/$name.lua"
}
hooked=$(node -e 'const c=JSON.parse(require("fs").readFileSync("integrations/portkey/config-closed.json","utf8").replace(/127.0.0.1:8000/g,"127.0.0.1:18000").replace(/127.0.0.1:8087/g,"127.0.0.1:18087"));process.stdout.write(JSON.stringify(c))')
bare=$(node -e 'const c=JSON.parse(process.argv[1]);delete c.before_request_hooks;c.api_key="sk";process.stdout.write(JSON.stringify(c))' "$hooked")
request nginx Authorization 'Bearer sk-example-1'
request portkey-bare Authorization 'Bearer sk' x-portkey-config "$bare" x-portkey-metadata '{"_user":"acct-1"}'
request portkey-hooked Authorization 'Bearer sk' x-portkey-config "$hooked" x-portkey-metadata '{"_user":"acct-1"}'
path=/v1/enforce/envoy/v1/chat/completions body='' request envoy stillhunt-account acct-1
for phase in request response; do
    path=/beta/litellm_basic_guardrail_api \
        body='{"input_type":"'$phase'","model":"m-1","texts":["Three and four?"],"request_data":{"user_api_key_user_id":"acct-1","user_api_key_hash":"h"}}' request "litellm-$phase"
done

load() { wrk -t 1 -c "$connections" -d "$3" --latency -s "$folder/$2.lua" "http://127.0.0.1:$1"; }
# row TITLE PORT SCRIPT
row() {
    local out
    out=$(load "$2" "$3" "${seconds}s")
    if grep -q 'Non-2xx' <<<"$out"; then printf 'bench/adapters.sh: %s was refused\n%s\n' "$1" "$out" >&2; exit 1; fi
    awk -v title="$1" '/50%/ {p50=$2} /90%/ {p90=$2} /99%/ {p99=$2} /Requests\/sec/ {rate=$2} END {printf "| %s | %.0f | %s | %s | %s |\n", title, rate, p50, p90, p99}' <<<"$out"
}
echo "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg); $connections connections, $seconds s a row; generator, gateway, model and Stillhunt on one machine."
echo
echo "| | requests a second | p50 | p90 | p99 |"
echo "|---|--:|--:|--:|--:|"
for warm in "18080 nginx" "18081 nginx" "18787 portkey-bare" "18787 portkey-hooked"; do load ${warm% *} ${warm#* } 2s >/dev/null; done
for _ in 1 2; do
    row "nginx alone" 18080 nginx
    row "nginx asking Stillhunt" 18081 nginx
    row "Portkey alone" 18787 portkey-bare
    row "Portkey asking Stillhunt" 18787 portkey-hooked
    row "Envoy's question by itself" 18087 envoy
    row "LiteLLM's question before a call, by itself" 18087 litellm-request
    row "LiteLLM's question with the answer, by itself" 18087 litellm-response
done
