#!/usr/bin/env bash
# `cargo lambda watch` serves every function against the local database: requests through its routes, and what
# schedules and SES start by `cargo lambda invoke`. Needs cargo-lambda, and the ports 8000, 8005, 8787 and 9000;
# REGULARS_LOCAL can name a built `local`.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly LOGS=target/smoke
readonly ADDRESS=127.0.0.1
processes=()

main() {
  rm -rf "$LOGS" && mkdir -p "$LOGS"
  trap stop EXIT
  local bins
  readarray -t bins < <(printf -- '--bin=%s\n' functions/* | sed 's#functions/##')
  cargo build "${bins[@]}"
  [[ -n "${REGULARS_LOCAL:-}" ]] || cargo build --bin local
  start local "${REGULARS_LOCAL:-target/debug/local}"
  await local "^dynamodb http://$ADDRESS:8000"
  start watch cargo lambda watch --invoke-address "$ADDRESS" --ignore-changes
  await watch 'starting Runtime server'

  request webhooks-shopify-orders-paid '"result": *"posted"'
  request webhooks-shopify-orders-paid '"result": *"known"'
  request members-enrol '"status": *"enrolled"'
  request program-explain-order '"points": *81,'
  invoke tiers-schedule '"failed": *0,.*"stopped_early": *false'
  invoke reviews-schedule '"failed": *0,.*"stopped_early": *false'
  for event in events/feedback-*.json; do
    invoke "$(basename "$event" .json)" '"ignored": *0'
  done
}

# start NAME COMMAND...: in the background, with its output in NAME.log.
start() {
  local name=$1
  shift
  "$@" >"$LOGS/$name.log" 2>&1 &
  processes+=("$!")
}

stop() {
  local status=$?
  kill "${processes[@]}" 2>/dev/null || true
  wait
  [[ $status == 0 ]] || tail -n 40 "$LOGS"/*.log
}

# await NAME PATTERN: until the last one started says so, for a minute at most.
await() {
  for _ in {1..300}; do
    grep -q "$2" "$LOGS/$1.log" && return
    kill -0 "${processes[-1]}" 2>/dev/null || break
    sleep 0.2
  done
  printf '%s did not say %q\n' "$1" "$2" >&2
  return 1
}

# request EVENT PATTERN: what events/EVENT.json describes as an HTTP request; the answer is a success and says so.
request() {
  local answer
  answer=$(send "events/$1.json")
  printf '%s: %s\n' "$1" "$answer"
  grep -q "$2" <<<"$answer"
}

# invoke EVENT PATTERN: the function that events/EVENT.json is for; what it returns says so.
invoke() {
  local report
  report=$(cargo lambda invoke --invoke-address "$ADDRESS" "${1%%-*}" --data-file "events/$1.json")
  printf '%s: %s\n' "$1" "$report"
  grep -q "$2" <<<"$report"
}

send() {
  python3 - "$1" "http://$ADDRESS:9000" <<'PYTHON'
import json
import sys
import urllib.request

with open(sys.argv[1]) as file:
    event = json.load(file)
query = "?" + event["rawQueryString"] if event["rawQueryString"] else ""
headers = {name: value for name, value in event["headers"].items() if name not in ("host", "content-length")}
request = urllib.request.Request(
    sys.argv[2] + event["rawPath"] + query,
    method=event["requestContext"]["http"]["method"],
    headers={**headers, "accept-encoding": "identity"},
    data=event["body"].encode() if "body" in event else None,
)
with urllib.request.urlopen(request, timeout=120) as answer:
    print(answer.status, answer.read().decode())
PYTHON
}

main
