//! Signs and verifies by Standard Webhooks as the webhooks function does, so that another implementation
//! can be held against it: a JSON request a line on the standard input, an answer a line on the output.
//! `tests/smoke/standard_webhooks.py` asks.

use std::io::{self, BufRead as _, Write as _};

use jiff::Timestamp;
use serde::Deserialize;
use storefront::standard_webhooks::{BadSecret, sign, verify};

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum Request {
    Sign { secret: String, id: String, at: i64, body: String },
    Verify { secrets: Vec<String>, id: String, at: String, signatures: String, body: String, now: i64 },
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?)? {
            Request::Sign { secret, id, at, body } => {
                let signed = sign(&secret, &id, Timestamp::from_second(at)?, body.as_bytes());
                signed.unwrap_or_else(|error: BadSecret| error.to_string())
            }
            Request::Verify { secrets, id, at, signatures, body, now } => {
                let now = Timestamp::from_second(now)?;
                format!("{:?}", verify(&secrets, &id, &at, &signatures, body.as_bytes(), now))
            }
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}
