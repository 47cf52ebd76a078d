//! Opens and clicks that no person made.
//!
//! SES says who fetched a picture or followed a link by its user agent and address, and leaves it to us
//! whether that was a person. What each rule rests on is said with it. An address tells little: proxies
//! are run in the same clouds as scanners.

use jiff::{SignedDuration, Timestamp};

/// Nobody is told of a mail, opens it and follows a link within ten seconds of the moment at which SES
/// took it from us. A gateway that looks into mails before it passes them on does all of that at once.
const TOO_SOON: SignedDuration = SignedDuration::from_secs(10);

/// Apple's Mail Privacy Protection fetches every picture when the mail arrives, read or not, under this
/// name and nothing more; a browser always adds what it is.
const APPLE_PRIVACY: &str = "Mozilla/5.0";

/// Gmail fetches pictures before they are shown, while somebody has Gmail open, under the name of a
/// browser of 2015 with this end. Its proxy of pictures that are shown (`GoogleImageProxy`), as Yahoo's
/// (`YahooMailProxy`), asks when somebody reads: that is a person.
const GMAIL_PREFETCH: &str = "Edge/12.246 Mozilla/5.0";

/// What robots and the libraries that scanners are written with call themselves. A person's browser has
/// none of these words.
const ROBOTS: [&str; 19] = [
    "robot",
    "bot/",
    "crawl",
    "spider",
    "scan",
    "preview",
    "headless",
    "monitor",
    "curl/",
    "wget/",
    "python",
    "java/",
    "go-http",
    "okhttp",
    "axios/",
    "node-fetch",
    "libwww",
    "httpclient",
    "ruby",
];

/// Whether it was a machine that fetched the picture or followed the link.
pub(crate) fn fetched_it(user_agent: Option<&str>, sent_at: Timestamp, at: Timestamp) -> bool {
    // every browser and every proxy says what it is
    let Some(agent) = user_agent.map(str::trim).filter(|agent| !agent.is_empty()) else { return true };
    let words = agent.to_ascii_lowercase();
    at.duration_since(sent_at) < TOO_SOON
        || agent == APPLE_PRIVACY
        || agent.ends_with(GMAIL_PREFETCH)
        || ROBOTS.iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: &str =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";

    fn after(seconds: i64, agent: &str) -> bool {
        let sent_at: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        fetched_it(Some(agent), sent_at, sent_at + SignedDuration::from_secs(seconds))
    }

    #[test]
    fn a_browser_that_takes_its_time_is_a_person() {
        assert!(!after(10, PERSON));
        assert!(!after(
            86_400,
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
        ));
        assert!(!after(60, "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"));
        assert!(!after(
            60,
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0"
        ));
    }

    #[test]
    fn what_comes_within_seconds_is_a_gateway() {
        assert!(after(0, PERSON) && after(9, PERSON) && after(-3, PERSON));
    }

    #[test]
    fn prefetches_and_robots_are_machines_at_any_time() {
        for agent in [
            "Mozilla/5.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
            "python-requests/2.32.3",
            "Go-http-client/2.0",
            "curl/8.5.0",
            "",
            "  ",
        ] {
            assert!(after(3_600, agent), "{agent}");
        }
        let at: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        assert!(fetched_it(None, at, at + SignedDuration::from_hours(1)));
    }
}
