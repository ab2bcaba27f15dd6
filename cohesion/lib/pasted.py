"""Text as it is pasted: what nobody sees goes, what a word processor meant stays."""

import re
import unicodedata

_BULLET = "•"
# Signs of the fonts « Symbol » and « Wingdings », as word processors keep them; any other of theirs says nothing.
_SIGNS = {
    **dict.fromkeys(map(chr, (0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF06E, 0xF06C, 0xF071, 0xF0A8, 0xF075)), _BULLET),
    "\uf02d": "-",
    "\uf0fc": "✓",
    "\uf0e0": "→",
    "\uf0e8": "→",
    "\x1e": "-",  # a hyphen that does not break
}
_LINE_BREAKS = dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n")
_MEANT = str.maketrans(_SIGNS | _LINE_BREAKS)
_MEANINGFUL = re.compile(f"[{''.join(_SIGNS | _LINE_BREAKS)}]")
# Soft hyphens, zero-width signs, marks of direction, fillers, the mark of byte order, tags, other private signs.
_UNSEEN = re.compile(
    "[\x1f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\ue000-\uf8ff\U000e0000-\U000e0fff]"
    # These two make one picture of several signs: anywhere else, they are nothing.
    "|(?<![\u203c-\u3299\U0001f000-\U0001faff\ufe0f])\u200d|\u200d(?![\u203c-\u3299\U0001f000-\U0001faff])"
    "|(?<![#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])\ufe0f"
)
_APART = re.compile("[A-Za-z][\u0300-\u036f]+")  # a letter and its accents, as Macs keep names of files


def clean(text: str) -> str:
    """The text without what nobody sees; bullets of word processors are bullets, strange line breaks are breaks.

    Letters and their accents are put together. Control characters are left: they are refused, not mended.
    """
    if text.isascii() and text.isprintable():
        return text
    visible = _UNSEEN.sub("", text.translate(_MEANT))
    return _APART.sub(lambda letter: unicodedata.normalize("NFC", letter[0]), visible)


def unseen(text: str) -> list[str]:
    """The code points that :func:`clean` takes away or changes, each once: « U+200B »."""
    if text.isascii() and text.isprintable():
        return []
    signs = [*_UNSEEN.findall(text.translate(_MEANT)), *_MEANINGFUL.findall(text)]
    return [f"U+{ord(sign):04X}" for sign in dict.fromkeys(signs)]
