#!/usr/bin/env bash
# Runs the README's walk, as it is written, against `cargo run -p local`, and checks what a reader sees.
# Needs bash, curl, openssl and python3; REGULARS_LOCAL can name a built `local`.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
[ -n "${REGULARS_LOCAL:-}" ] || cargo build -q --bin local
: >"$work/local.out"
"${REGULARS_LOCAL:-${CARGO_TARGET_DIR:-target}/debug/local}" --port 0 --dynamodb-port 0 --ses-port 0 >"$work/local.out" 2>"$work/local.err" &
local_pid=$!
trap 'kill "$local_pid" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 300); do
  gateway=$(sed -n 's/^gateway //p' "$work/local.out")
  [ -n "$gateway" ] && break
  sleep 0.1
done
[ -n "$gateway" ] || { cat "$work/local.err"; echo "local did not start"; exit 1; }

cd "$work"
sed -n '/^```sh walk$/,/^```$/{/^```/d;p}' "$root/README.md" | sed "s#http://127.0.0.1:8787#$gateway#g" >walk.sh
bash -eu walk.sh >walk.out
python3 - walk.out <<'PY'
import json, sys, datetime
seen = [json.loads(line) for line in open(sys.argv[1]) if line.strip()]
if len(seen) != 36: sys.exit(f"{len(seen)} answers: {seen}")
paid, again, found, refund, order, ledger, entry, lots, clock, later = seen[:10]
me, quote, review, twice, gift, hold, bought, captured, rewards, redemption, valid = seen[10:21]
product, noor, noors_order, parcel, _, mail, page, reviews, cases, _, staff, messages, explained, preview, program = seen[21:]
first, second = (81, 9) if datetime.datetime.now(datetime.timezone.utc).day == 18 else (40, 4)
def same(what, saw, expected):
    if saw != expected: sys.exit(f"{what}: saw {saw!r}, README says {expected!r}")
same("paid", paid["result"], "posted")
same("again", again["result"], "known")
same("pending", found["members"][0]["points"]["pending"], first)
same("refund", refund["result"], "posted")
same("ledger", [e["points"] for e in ledger["entries"]], [-second, first])
same("order explained", order["points"], first - second)
same("arithmetic", any("40.98 USD eligible" in why for why in order["why"]), True)
same("entry explained", any("because of the refunds 9001" in why for why in entry["why"]), True)
same("lots", lots["ledger"], first - second)
same("later", later["points"]["available"], first - second)
same("me", (me["id"], me["points"]), (later["id"], later["points"]))
member_day = datetime.datetime.fromisoformat(clock["now"][:19]).day == 18
same("quote", quote["points"], 116 if member_day else 58)
same("review", (review["points"], review["state"]), (50, "posted"))
same("review again", twice["type"], "urn:regulars:problem:cap-reached")
same("gift", gift["points"], 700)
same("hold", (hold["points"], hold["value"]), (300, {"amount": "3.00", "currency": "USD"}))
same("order with the code", bought["result"], "posted")
same("captured", sorted((e["kind"], e["points"]) for e in captured["entries"]),
     [("hold_capture", -300), ("purchase", 74 if member_day else 37)])
same("rewards", "free_shipping" in [r["id"] for r in rewards["rewards"]], True)
same("redemption", (redemption["points"], redemption["coupon"]["state"]), (300, "issued"))
same("valid", valid["valid"], True)
same("product", product["result"], "kept")
same("order to be reviewed", (noors_order["result"], parcel["result"]), ("posted", "posted"))
same("mail", {"welcome_1", "review_invitation_1"} <= {m["scenario"] for m in mail["mail"]}, True)
same("page", page["status"], 200)
same("reviews", [(r["rating"], r["member_id"]) for r in reviews["reviews"]], [(2, noor["id"])])
same("cases", [c["kind"] for c in cases["cases"]], ["bad_review"])
same("staff", [m["scenario"] for m in staff["mail"]], ["review_rescue_1"])
states = {m["scenario"]: m["state"] for m in messages["messages"]}
same("messages", (states["welcome_1"], states["review_invitation_1"]), ("sent", "sent"))
same("explained", explained["message"]["id"], messages["messages"][0]["id"])
same("preview", preview["subject"], "Mia Wong, und?")
same("program", program["mail"]["scenarios"]["shipped"]["on"], True)
print("the README's walk holds")
PY
