#!/usr/bin/env python3
"""Holds our Standard Webhooks against the published library, both ways: what one signs the other takes, and
what was tampered with, or is more than five minutes off, neither does. Needs cargo and `standardwebhooks`."""

import base64
import json
import os
import pathlib
import random
import subprocess
import time
from datetime import datetime, timezone

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

CASES = 300
HOUSE = pathlib.Path(__file__).resolve().parents[2]


def main():
    chance = random.Random(20260618)
    subprocess.run(["cargo", "build", "--quiet", "--workspace", "--example", "standard_webhooks"], cwd=HOUSE, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HOUSE / "target"))
    with Ours(target / "debug" / "examples" / "standard_webhooks") as ours:
        for _ in range(CASES):
            both_agree(ours, message(chance), chance)
    print(f"{CASES} messages: what either signs both take, and what is tampered with or late neither does")


class Ours:
    """The example, asked a line at a time."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(10) == 0

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def sign(self, secret, m):
        return self.ask(do="sign", secret=secret, id=m["id"], at=m["at"], body=m["body"])

    def takes(self, secret, m, signatures):
        now = int(time.time())
        verdict = self.ask(do="verify", secrets=[secret], id=m["id"], at=str(m["at"]), signatures=signatures, body=m["body"], now=now)
        return verdict == "Genuine"


def message(chance):
    text = "".join(chance.choice("abc XYZ{}\":,\\\n\té漢🙂") for _ in range(chance.randrange(0, 200)))
    return {
        "secret": secret(chance),
        "id": f"msg_{chance.randrange(10**12)}",
        "at": int(time.time()) - chance.randrange(-240, 240),
        "body": json.dumps({"type": "order.paid", "data": text}, ensure_ascii=chance.random() < 0.5),
    }


def secret(chance):
    return "whsec_" + base64.b64encode(chance.randbytes(chance.randrange(24, 65))).decode()


def theirs_sign(key, m):
    return Webhook(key).sign(m["id"], datetime.fromtimestamp(m["at"], tz=timezone.utc), m["body"])


def they_take(key, m, signatures):
    headers = {"webhook-id": m["id"], "webhook-timestamp": str(m["at"]), "webhook-signature": signatures}
    try:
        Webhook(key).verify(m["body"], headers)
    except WebhookVerificationError:
        return False
    return True


def both_agree(ours, m, chance):
    key = m["secret"]
    signature = ours.sign(key, m)
    assert signature == theirs_sign(key, m), m

    def both(expected, m, signatures, key=key):
        saw = ours.takes(key, m, signatures), they_take(key, m, signatures)
        assert saw == (expected, expected), (saw, expected, m, signatures)

    both(True, m, signature)
    other = secret(chance)
    both(True, m, f"{theirs_sign(other, m)} {signature}")
    both(True, m, f"{signature} {theirs_sign(other, m)}")
    both(True, m, f"v1a,{signature[3:]} {signature}")
    both(False, m, signature, key=other)
    both(False, m, f"v2,{signature[3:]}")
    both(False, {**m, "body": m["body"].replace("order", "Order", 1)}, signature)
    both(False, {**m, "id": m["id"] + "0"}, signature)
    both(False, {**m, "at": m["at"] + 1}, signature)
    tag = bytearray(base64.b64decode(signature[3:]))
    tag[chance.randrange(len(tag))] ^= 1 << chance.randrange(8)
    both(False, m, "v1," + base64.b64encode(tag).decode())
    for seconds in (-3600, -305, 305, 3600):
        late = {**m, "at": int(time.time()) + seconds}
        both(False, late, theirs_sign(key, late))
    for seconds in (-295, 295):
        recent = {**m, "at": int(time.time()) + seconds}
        both(True, recent, ours.sign(key, recent))


if __name__ == "__main__":
    main()
