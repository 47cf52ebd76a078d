"""Reads mails made of hostile strings with Python's own parser: no defect, no header that does not belong there, and
the subject that was meant.

Without an argument they are rendered letters, a line each, of a shop whose every mail can be unsubscribed from; with
the name of a folder those that a shop has sent, each beside what it must be read with (`tests/tests/hostile/walk.rs`)."""

import base64
import json
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

HEADERS = [
    "From", "To", "Reply-To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
]
TRANSACTIONAL = [name for name in HEADERS if not name.startswith("List-")]


def main(folder: str | None) -> None:
    count = read_rendered() if folder is None else read_sent(Path(folder))
    print(f"{count} hostile mails are read without a defect")


def read_rendered() -> int:
    mails = [line.split() for line in sys.stdin]
    assert len(mails) == 500, f"{len(mails)} mails"
    for raw, subject in mails:
        message = read(base64.b64decode(raw), "mia@example.com", base64.b64decode(subject).decode())
        assert message.keys() == HEADERS, message.keys()
        assert [address.addr_spec for address in message["From"].addresses] == ["shop@leaf.example"], message["From"]
    return len(mails)


def read_sent(folder: Path) -> int:
    mails = sorted(folder.glob("*.eml"))
    assert len(mails) >= 500, f"{len(mails)} mails"
    for mail in mails:
        meant = json.loads(mail.with_suffix(".json").read_text(encoding="utf-8"))
        message = read(mail.read_bytes(), meant["to"], meant["subject"])
        assert message.keys() in (HEADERS, TRANSACTIONAL), message.keys()
        text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert text.rstrip() == meant["text"].rstrip(), mail
    return len(mails)


def read(raw: bytes, to: str, subject: str) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == subject, (message["Subject"], subject)
    assert [address.addr_spec for address in message["To"].addresses] == [to], message["To"]
    assert len(message["From"].addresses) == 1, message["From"]
    if "List-Unsubscribe" in message:
        assert message["List-Unsubscribe"].startswith("<https://"), message["List-Unsubscribe"]
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part in parts:
        assert part.get_content_charset() == "utf-8", part["Content-Type"]
        assert part.get_content().strip()
    for part in message.walk():
        assert not part.defects, part.defects
        assert not any(value.defects for value in part.values()), part.items()
    return message


main(sys.argv[1] if len(sys.argv) > 1 else None)
