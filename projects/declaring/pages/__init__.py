"""The eleven pages of the declaration, in their order: each is one subject, answered in any order."""

from dataclasses import dataclass

from cohesion.lib.states import holds
from projects.catalogue import publicity
from projects.declaring.forms import PageForm
from projects.declaring.pages.action import ActionForm
from projects.declaring.pages.attachments import AttachmentsForm
from projects.declaring.pages.audience import AudienceForm
from projects.declaring.pages.budget import BudgetForm
from projects.declaring.pages.calendar import CalendarForm
from projects.declaring.pages.campaign import CampaignForm
from projects.declaring.pages.evaluation import EvaluationForm
from projects.declaring.pages.links import LinksForm
from projects.declaring.pages.partners import PartnersForm
from projects.declaring.pages.purposes import PURPOSES
from projects.declaring.pages.structure import StructureForm
from projects.declaring.pages.territory import TerritoryForm

YOU, WHY, MEANS = "Vous et votre action", "À quoi elle répond, où et pour qui", "Les moyens"


@dataclass(frozen=True)
class Page:
    """One subject of the declaration: its address part, its title, the group it stands in, what it asks."""

    slug: str
    title: str
    group: str
    hint: str
    form: type[PageForm]
    is_optional: bool = False

    takes_files = holds("slug", "pieces")
    tells_amounts = holds("slug", "budget")

    @property
    def purpose(self) -> str:
        """What it is for, and what happens next."""
        return f"{PURPOSES[self.slug]} {publicity.promise()}" if self.tells_amounts else PURPOSES[self.slug]


PAGES = (
    Page("campagne", "Campagne", YOU, "L’appel à projets et la nature de la demande", CampaignForm),
    Page("structure", "Structure porteuse", YOU, "Reprise de votre fiche, à vérifier une fois par an", StructureForm),
    Page("action", "L’action", YOU, "Titre, résumé, besoin, description", ActionForm),
    Page("rattachement", "Rattachement au cadre", WHY, "L’orientation à laquelle l’action répond", LinksForm),
    Page("territoire", "Territoire", WHY, "Les communes et les quartiers", TerritoryForm),
    Page("publics", "Publics", WHY, "Des nombres seulement, jamais de noms", AudienceForm),
    Page("calendrier", "Calendrier", WHY, "Début, fin, fréquence", CalendarForm),
    Page("partenaires", "Partenaires", WHY, "Facultatif", PartnersForm, is_optional=True),
    Page("budget", "Budget", MEANS, "Charges et produits, qui doivent être égaux", BudgetForm),
    Page("evaluation", "Évaluation", MEANS, "Un indicateur au moins", EvaluationForm),
    Page("pieces", "Pièces et attestations", MEANS, "PDF, texte, tableau ou image, 10 Mo au plus", AttachmentsForm),
)
BY_SLUG = {page.slug: page for page in PAGES}
