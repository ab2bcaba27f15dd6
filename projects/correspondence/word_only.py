"""What of a Word model the PDF does not take up: it is said before anything is issued."""

from docx.document import Document
from docx.oxml.ns import qn

from projects.correspondence.word_models import headers_and_footers

BOX = qn("w:txbxContent")


def only_in_word(word: Document) -> list[str]:
    """What is drawn in it, in words: images, boxes, headers and footers. Nothing where the PDF says all of it."""
    parts = word.part.package.iter_parts()
    kept = []
    if any(str(part.partname).startswith("/word/media/") for part in parts):
        kept.append("les images (un logo, une signature)")
    if any(True for _ in word.element.body.iter(BOX)):
        kept.append("les zones de texte")
    if any(text.text for part in headers_and_footers(word) for text in part.iter(qn("w:t"))):
        kept.append("l’en-tête et le pied de page")
    return kept


def left_out_sentence(word: Document) -> str:
    """« Le PDF ne reprend pas… »; nothing where it takes up all."""
    kept = only_in_word(word)
    if not kept:
        return ""
    listed = kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} ni {kept[-1]}"
    return (
        f"Le PDF ne reprend pas {listed} : il met le texte dans la mise en page du site. Le document Word les garde. "
        "Ce qui doit se lire dans le PDF s’écrit dans le texte du modèle."
    )
