"""Reads mails made of hostile strings, a line each, with Python's own parser: no defect, no header that does not
belong there, and the subject that was meant."""

import base64
import sys
from email import message_from_bytes, policy

HEADERS = [
    "From", "To", "Reply-To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
]


def main() -> None:
    mails = [line.split() for line in sys.stdin]
    assert len(mails) == 500, f"{len(mails)} mails"
    for raw, subject in mails:
        check(base64.b64decode(raw), base64.b64decode(subject).decode())
    print(f"{len(mails)} hostile mails are read without a defect")


def check(raw: bytes, subject: str) -> None:
    message = message_from_bytes(raw, policy=policy.default)
    assert message.keys() == HEADERS, message.keys()
    assert message["Subject"] == subject, (message["Subject"], subject)
    assert [address.addr_spec for address in message["To"].addresses] == ["mia@example.com"], message["To"]
    assert [address.addr_spec for address in message["From"].addresses] == ["shop@leaf.example"], message["From"]
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


main()
