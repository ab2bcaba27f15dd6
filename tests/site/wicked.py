"""Requests that nobody should send, made by code: queries, pieces of addresses, headers, bodies."""

import itertools
from dataclasses import dataclass, field
from urllib.parse import quote

HUGE, LONG = 10**30, "a" * 10_000
LINES = (b"places", b"memberships", b"offers", b"sites")
SCRIPT = "<script>alert(1)</script>"

# What no value should be, as it stands in an address, already coded.
VALUES = {
    "traversal": "..%2F..%2F..%2Fetc%2Fpasswd",
    "traversal coded twice": "%252e%252e%252fetc%252fpasswd",
    "traversal of windows": "..%5C..%5Cwindows%5Cwin.ini",
    "NUL": "%00",
    "NUL at the end": "2.1%00.csv",
    "NUL coded twice": "%2500",
    "bad utf-8": "%ff%fe",
    "half a character": "%c3",
    "overlong slash": "%c0%af",
    "surrogate": "%ed%a0%80",
    "last character": "%f4%8f%bf%bf",
    "line ends": "a%0d%0aSet-Cookie:%20a=b",
    "backwards": "%e2%80%aefdp",
    "zero width": "%e2%80%8b",
    "script": quote(SCRIPT),
    "template": quote("{{ settings.SECRET_KEY }}{% debug %}"),
    "format": quote("{0.__class__}%s%n"),
    "sql": quote("1' OR '1'='1'; DROP TABLE axes_framework; --"),
    "sql union": quote("1 UNION SELECT password FROM cohesion_user"),
    "percent": "%25",
    "broken percent": "%zz",
    "one percent": "%",
    "wildcards": "%25_%25",
    "star": "*",
    "regex": quote("(a+)+$"),
    "json": quote('{"$gt": ""}'),
    "shell": quote("$(id)`id`|id;id&&id"),
    "huge number": str(HUGE),
    "negative number": "-1",
    "number of 64 bits": str(2**63),
    "number of 32 bits": str(2**31),
    "zero": "0",
    "odd digits": quote("٣"),
    "superscript": quote("²"),
    "underscore number": "1_0",
    "plus": "+1",
    "space": "%20",
    "float": "1.5",
    "exponent": "1e309",
    "NaN": "NaN",
    "infinite": "-Infinity",
    "hexadecimal": "0x10",
    "true": "true",
    "null": "null",
    "undefined": "undefined",
    "empty": "",
    "long": LONG,
    "long and coded": "%C3%A9" * 1_500,
    "date": "2026-02-30",
    "year": "99999-01-01",
    "prototype": "__proto__",
    "dunder": "__class__",
    "url": quote("https://ailleurs.example/", safe=""),
    "url without scheme": quote("//ailleurs.example/", safe=""),
    "javascript": quote("javascript:alert(1)"),
    "quote": "%27%22",
    "backslash": "%5C",
    "semicolon": ";",
    "hash": "%23",
    "emoji": quote("👩‍👩‍👧‍👦"),
}
# Every parameter that some page reads, and some that none does.
NAMES = (
    *("q", "page", "axe", "niveau", "texte", "ouvrir", "tri", "mesure", "annee", "compter", "lignes", "colonnes"),
    *("orientation", "territoire", "statut", "type", "porteur", "commune", "etape", "tour", "sans_projet"),
    *("cadre", "branche", "o", "p", "all", "_changelist_filters", "_popup", "_to_field", "next", "term"),
    *("app_label", "model_name", "field_name", "montrer", "depot", "controle", "e", "id__exact", "pk__in"),
    *("status__exact", "at__year", "organization__id__exact", "password__startswith", "rien"),
)


@dataclass(frozen=True)
class Wicked:
    """One request: what is wrong with it, and what it is made of. ``piece`` replaces a parameter of the address."""

    name: str
    method: str = "GET"
    query: str = ""
    piece: str = ""
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def queries() -> list[Wicked]:
    """Each value under parameters in turn, so that each parameter meets several; then queries of odd shapes."""
    names = itertools.cycle(NAMES)
    made = [
        Wicked(f"{name}={said}", query=f"{name}={value}") for said, value in VALUES.items() for name in _some(names, 4)
    ]
    shapes = {
        "one name 1 000 times": "&".join(["q=a"] * 1_000),
        "6 000 names": "&".join(f"p{number}=1" for number in range(6_000)),
        "array": "q[]=a&q[]=b&axe[0]=1",
        "deep array": "q" + "[a]" * 500 + "=1",
        "no name": "=a&=b",
        "no value": "q&page&axe",
        "ampersands": "&" * 5_000,
        "equals": "=" * 5_000,
        "semicolons": "q=a;page=2;axe=1",
        "10 kB": f"q={LONG}",
        "100 kB": f"q={LONG * 10}",
        "10 kB of names": f"{LONG}=1",
        "question marks": "?????q=a",
        "NUL in a name": "q%00=a",
        "bad utf-8 in a name": "%ff%fe=a",
        "raw bytes": "q=\xe9\xff",
        "page and page": "page=1&page=-1&page=NaN",
        "every name": "&".join(f"{name}=%ff" for name in NAMES),
        "address that cannot be read": "next=http://[",
        "range of one": "id__range=1",
        "expression that is none": "title__iregex=[",
        "expression without end": "title__regex=" + quote("(a+)+$"),
        "year of eleven digits": "at__year=99999999999",
        "2 000 words": "q=" + "a+" * 2_000,
        "every name empty": "&".join(f"{name}=" for name in NAMES),
    }
    return made + [Wicked(said, query=query) for said, query in shapes.items()]


def _some(names: itertools.cycle, number: int) -> list[str]:
    return [next(names) for _ in range(number)]


def pieces() -> list[Wicked]:
    """Each value in the place of a parameter of the address."""
    return [Wicked(f"in the address: {said}", piece=value or "%20") for said, value in VALUES.items()]


def headers() -> list[Wicked]:
    bad = {
        "Host": ["ailleurs.example", "", "testserver:99999999", "testserver:abc", "[::1", "a" * 5_000, "test server"],
        "If-None-Match": ["*", '"', "W/", 'W/"' + LONG + '"', '"a","b' * 500, "\x80", ",,,"],
        "If-Modified-Since": ["hier", "Thu, 99 Feb 2026 25:61:61 GMT", "Thu, 01 Jan 0000 00:00:00 GMT", "9" * 400],
        "If-Match": ["*", '"x"'],
        "If-Unmodified-Since": ["Thu, 01 Jan 1970 00:00:00 GMT"],
        "Range": ["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=abc", "bytes=" + "0-0," * 2_000, f"bytes={HUGE}-"],
        "Accept-Encoding": ["gzip;q=abc", "br;q=-1", "*;q=0", ";;;", "identity;q=0", "gzip, " * 2_000, "\xe9"],
        "Accept": ["*/*;q=x", "application/json", "text/html;" * 2_000, "\xff"],
        "Accept-Language": ["zz-ZZ", "-", "a" * 600, "fr;q=nan"],
        "Cookie": [
            *("sessionid=inventée", "sessionid=", "sessionid=../../etc/passwd", f"sessionid={LONG}", ";;;==;;"),
            *("csrftoken=x; csrftoken=y", 'sessionid="\\303\\050"', "sessionid=\xff\xfe", "a" * 5_000),
            *("sessionid=" + "a" * 32, "=x", "messages=bm9u; django_language=../.."),
        ],
        "X-CSRFToken": ["x", LONG],
        "Referer": ["javascript:alert(1)", "http://[", "//", LONG],
        "Origin": ["null", "http://[", "https://ailleurs.example"],
        "X-Forwarded-For": ["", "x", ",,,", "1.2.3.4, " * 500, "::ffff:999.1.1.1", "<script>"],
        "X-Forwarded-Proto": ["ftp", "https, http"],
        "X-Forwarded-Host": ["ailleurs.example"],
        "X-Request-Id": [SCRIPT, "a" * 500, "a\tb", "été-2026"],
        "X-Requested-With": ["XMLHttpRequest"],
        "Authorization": ["Basic !!!", "Bearer " + LONG, "\xff"],
        "User-Agent": ["", SCRIPT, "a" * 20_000, "\xff"],
        "Expect": ["100-continue", "x"],
        "X-HTTP-Method-Override": ["DELETE"],
    }
    return [
        Wicked(f"{name} {rank}: {value[:30]!r}", headers={f"HTTP_{name.upper().replace('-', '_')}": value})
        for name, values in bad.items()
        for rank, value in enumerate(values)
    ]


def plain_forms() -> dict[str, tuple[bytes, str]]:
    """The body of a form that is none, and its type."""
    form = "application/x-www-form-urlencoded"
    return {
        "nothing": (b"", form),
        "no type": (b"a=b", ""),
        "json": (b'{"a": [1, {"b": null}]}', "application/json"),
        "broken json": (b'{"a": ', "application/json"),
        "xml": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml"),
        "text": (b"a=b", "text/plain"),
        "unknown type": (b"a=b", "a/b; c=d"),
        "type of 5 kB": (b"a=b", "a" * 5_000),
        "utf-16": (b"a=b", f"{form}; charset=utf-16"),
        "utf-7": (b"a=+ADw-", f"{form}; charset=utf-7"),
        "unknown charset": (b"a=b", f"{form}; charset=x-inconnu"),
        "bad utf-8": (b"q=\xff\xfe&title=%ff&name=%c3", form),
        "NUL": (b"title=a%00b&name=%00&slug=%00&q=%00&e=%00", form),
        "6 000 fields": (b"&".join(b"p%d=1" % number for number in range(6_000)), form),
        "3 MB": (b"a=" + b"b" * 3_000_000, form),
        "one name 2 000 times": (b"&".join([b"title=a"] * 2_000), form),
        "action": (b"action=delete_selected&_selected_action=1&post=yes&index=99", form),
        "action that is none": (b"action=inconnue&_selected_action=abc", form),
        "popup": (b"_popup=1&_to_field=password", form),
        "save as new": (b"_saveasnew=1&title=x", form),
        "save as new and nothing": (b"_saveasnew=1", form),
        "1 999 lines": (b"&".join(b"%s-TOTAL_FORMS=1999&%s-INITIAL_FORMS=0" % (one, one) for one in LINES), form),
        "seal": (b"seen_state=%ff&once=..%2F..%2F&base=x", form),
        "management form": (b"places-TOTAL_FORMS=-1&places-INITIAL_FORMS=abc&sites-TOTAL_FORMS=99999", form),
        "step": (b"etape=__class__&p1-outcome=x&p999999999999999-outcome=x", form),
        "position": (b"pas=haut:abc&place=left:99999999999999999999", form),
    }


def multipart_forms() -> dict[str, tuple[bytes, str]]:
    """The same, in several parts and with files."""
    multipart = "multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n--x--\r\n'
    file = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: a/b\r\n\r\nx\r\n--x--\r\n'
    )
    return {
        "multipart without boundary": (b"x", "multipart/form-data"),
        "multipart with another boundary": (part % (b"a", b"b"), "multipart/form-data; boundary=y"),
        "multipart of 100 boundaries": (b"--x\r\n" * 100, multipart),
        "multipart cut": ((part % (b"a", b"b"))[:40], multipart),
        "multipart without name": (b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n", multipart),
        "multipart without header": (b"--x\r\n\r\nx\r\n--x--\r\n", multipart),
        "multipart of a long header": (b"--x\r\nA: " + b"a" * 20_000 + b"\r\n\r\nx\r\n--x--\r\n", multipart),
        "multipart in base64": (b"--x\r\nContent-Transfer-Encoding: base64\r\n" + (part % (b"a", b"!"))[5:], multipart),
        "multipart NUL": (part % (b"ti\x00tle", b"a\x00b"), multipart),
        "multipart bad utf-8": (part % (b"title", b"\xff\xfe"), multipart),
        "boundary of 300": (b"x", "multipart/form-data; boundary=" + "x" * 300),
        "boundary not ascii": (b"x", "multipart/form-data; boundary=\xe9"),
        "file of no name": (file % b"", multipart),
        "file upwards": (file % b"../../etc/passwd", multipart),
        "file NUL": (file % b"a\x00.csv", multipart),
        "file bad utf-8": (file % b"\xff.csv", multipart),
        "file of a long name": (file % (b"a" * 5_000), multipart),
        "file that is no table": (file % b"a.xlsx", multipart),
    }


def bodies() -> list[Wicked]:
    """Methods that nothing answers, and forms that are none."""
    form, posted = "application/x-www-form-urlencoded", plain_forms() | multipart_forms()
    made = [Wicked(f"POST {said}", "POST", body=body, content_type=kind) for said, (body, kind) in posted.items()]
    for method in ("HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "get", "WICKED"):
        made.append(Wicked(method, method, body=b"" if method in ("HEAD", "TRACE") else b"a=b", content_type=form))
    made.append(Wicked("length that is wrong", "POST", b"", content_type=form, headers={"CONTENT_LENGTH": "abc"}))
    made.append(Wicked("negative length", "POST", content_type=form, headers={"CONTENT_LENGTH": "-5"}))
    return made


# Addresses that lead nowhere.
PATHS = (
    *("//", "///etc/passwd", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/.env", "/.git/config", "/%00", "/%ff"),
    *("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/..%2fmanage.py", "/static/%00", "/static/%ff.css"),
    *("/static//etc/passwd", "/static/", "/static/" + LONG, "/%252e%252e/", "/admin/../sante/", "/admin/%2e%2e/"),
    *("/admin/auth/user/1/password/", "/admin/r/1/1/", "/admin/r/abc/abc/", "/admin/axes/", "/admin/inconnu/"),
    *("/wp-login.php", "/index.php?s=/x", "/cgi-bin/", "/server-status", "/;/admin/", "/admin;a=b/", "/cadre/;a"),
    *("/" + LONG, "/" + "a/" * 1_500, "/" + "%C3%A9" * 1_500, "/%5C%5Cailleurs.example", "/http://ailleurs.example/"),
    *("/*", "/?", "/#", "/%", "/%zz", "/cadre%2F", "/CADRE/", "/cadre/ ", "/cadre/\t", "/robots.txt/", "/favicon.ico/"),
)


def addresses() -> list[str]:
    return list(PATHS)


def everything() -> list[Wicked]:
    return [*queries(), *pieces(), *headers(), *bodies()]
