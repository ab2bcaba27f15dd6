"""What the demonstration invents: organisations that do not exist, projects that were never declared.

An action is (title, summary, orientations: the main one first). Some orientations and communes are left without
anything on purpose: what nobody does yet is what the site is for.
"""

ORGANIZATIONS = (
    ("Centre social L’Escale verte", "social_centre"),
    ("Association Les Deux Rives", "association"),
    ("Association Vallée ouverte", "association"),
    ("Collectif Le Plateau en commun", "association"),
    ("Centre social La Clairière", "social_centre"),
    ("Atelier Mots et Chemins", "association"),
    ("Compagnie Les Pas de côté", "association"),
    ("Régie Terre d’en bas", "association"),
    ("Garage Le Coup de pouce", "association"),
    ("Collectif La Passerelle", "association"),
    ("Association Grandir au bourg", "association"),
    ("Maison des savoirs partagés", "association"),
)

# (title, lead, communes by INSEE code, main orientation, secondary ones)
PSTS = (
    ("Projet social de territoire du Faubourg", 0, ("27229",), "1.1.1-a", ("2.1.1",)),
    ("Projet social de territoire des Rives de l’Iton", 1, ("27602", "27020", "27451"), "1.1.1-a", ("5.2",)),
    ("Projet social de territoire de la Vallée nord", 2, ("27299", "27439", "27546"), "1.1.1-a", ()),
    ("Projet social de territoire du Plateau est", 3, ("27347", "27234", "27280", "27410"), "1.1.1-b", ("3.1.1",)),
    ("Projet social de territoire du Sud de l’agglomération", 4, ("27306", "27017", "27684"), "1.1.1-b", ("5.3.1",)),
    ("Projet social de territoire de la Forêt", 1, ("27678", "27464", "27044"), "1.1.1", ()),
    ("Projet social de territoire de l’Ouest", 2, ("27132", "27282", "27504"), "1.1.1-a", ("2.1.1-a",)),
    ("Projet social de territoire des Coteaux", 3, ("27099", "27353", "27489"), "1.1.1", ()),
)

# (title, the PST that carries it by its rank, commune)
PRHS = (
    ("PRH La Boussole", 0, "27229"),
    ("PRH Le Seuil", 0, "27229"),
    ("PRH La Halte de l’Iton", 1, "27602"),
    ("PRH Le Moulin", 1, "27020"),
    ("PRH L’Entre-deux", 2, "27299"),
    ("PRH La Passerelle du bourg", 2, "27439"),
    ("PRH itinérant du Plateau", 3, "27347"),
    ("PRH Le Relais de l’est", 3, "27280"),
    ("PRH La Place", 4, "27306"),
    ("PRH Le Petit Sud", 4, "27017"),
    ("PRH Sous les arbres", 5, "27678"),
    ("PRH Le Carrefour", 6, "27132"),
)

# What some of them open to residents besides their welcome: by which, what, and in which other communes.
OFFERS = (
    (1, "language", "Atelier de langue du matin", ()),
    (2, "language", "Atelier de langue du soir", ("27299",)),
    (5, "language", "Parler et se repérer", ()),
    (8, "language", "Langue et vie quotidienne", ("27347",)),
    (1, "tutoring", "Le coup de pouce du soir", ()),
    (3, "tutoring", "Lire et compter ensemble", ("27020",)),
    (6, "tutoring", "L’heure des leçons", ()),
    (11, "tutoring", "Devoirs au village", ("27017", "27306")),
    (2, "early_childhood", "La halte des tout-petits", ()),
    (9, "early_childhood", "Le temps des parents et des bébés", ("27017",)),
)

ACTIONS = (
    (
        "Budget participatif des villages du plateau",
        "Des habitants choisissent et réalisent ensemble de petits projets de village.",
        ("2.1.2", "2.1.1-a"),
    ),
    (
        "Fêtes de voisinage et chantiers d’habitants",
        "Repas de rue, plantations, petits chantiers : les habitants proposent, le fonds finance.",
        ("2.1.2-b", "6.1.1-b"),
    ),
    (
        "Jardins partagés au pied des immeubles",
        "Des parcelles cultivées en commun et un calendrier d’ateliers.",
        ("2.1.2-b",),
    ),
    ("Coup de main numérique en mairie", "Une permanence pour les démarches en ligne, sans rendez-vous.", ("2.1.2-a",)),
    (
        "Conseils d’habitants des centres-bourgs",
        "Préparer à plusieurs l’avis des habitants sur les documents de planification.",
        ("2.1.1", "2.1.1-a"),
    ),
    (
        "Ateliers de conversation du soir",
        "Apprendre et pratiquer le français en petits groupes, après le travail.",
        ("2.1.3-a", "3.1.1-a"),
    ),
    (
        "Écrire, compter, se repérer",
        "Savoirs de base pour jeunes adultes, avec un plan de travail par personne.",
        ("2.1.3", "5.2.4"),
    ),
    ("Parler français en famille", "Des séances où parents et enfants apprennent ensemble.", ("2.1.3-a", "5.2.4-b")),
    (
        "Permanences emploi en mairie",
        "Information, orientation et préparation d’entretiens, près de chez soi.",
        ("3.1.1-a", "3.1.1"),
    ),
    (
        "Garage solidaire et prêt de deux-roues",
        "Se déplacer pour travailler : réparation à petit prix et prêt de vélos et scooters.",
        ("3.1.1",),
    ),
    ("Découverte des métiers du soin", "Visites, immersions et rencontres avec des employeurs.", ("3.1.1", "5.3.1-b")),
    ("Passerelle vers l’apprentissage", "Accompagner des jeunes sans contrat jusqu’à la signature.", ("3.1.1-a",)),
    ("Coudre, vendre, se lancer", "Un atelier de couture pour préparer une création d’activité.", ("3.1.1",)),
    ("Bien dans son logement", "Ateliers sur l’énergie, les petits travaux et les droits des locataires.", ("4.1",)),
    ("Du foyer au chez-soi", "Un accompagnement collectif des premiers mois dans un logement.", ("4.1", "2.1.2")),
    (
        "Points d’écoute pour les jeunes et leurs familles",
        "Accueil, information et orientation dans les PST.",
        ("5.1.1", "5.1.1-a"),
    ),
    (
        "Un soir, un livre, une leçon",
        "Accompagnement à la scolarité dans les bourgs, du CP à la troisième.",
        ("5.2.1-b", "5.2.1"),
    ),
    (
        "Accompagnement scolaire avec le collège du quartier",
        "Des groupes du soir préparés avec les enseignants.",
        ("5.2.1-b", "5.2.1-a"),
    ),
    (
        "Le lien avant la leçon",
        "Une médiation entre familles et établissements du réseau d’éducation prioritaire.",
        ("5.2.1-a",),
    ),
    (
        "L’orchestre des cages d’escalier",
        "Des enfants apprennent ensemble un instrument et jouent dans leur immeuble.",
        ("5.2.2", "8.1.1"),
    ),
    (
        "Stages de vacances nature et sport",
        "Une semaine par saison, ouverte aux enfants qui ne partent pas.",
        ("5.2.2",),
    ),
    ("Théâtre au collège et sur la place", "Une création partagée entre élèves et habitants.", ("5.2.2", "8.1.2")),
    ("Chantiers jeunes entre communes", "Des jeunes rénovent un lieu commun et préparent un projet à eux.", ("5.2.3",)),
    ("Le conseil des jeunes du plateau", "Des jeunes élus par leurs pairs gèrent un petit budget.", ("5.2.3", "2.1.1")),
    ("Le café des parents", "Un rendez-vous hebdomadaire entre parents, avec un professionnel.", ("5.2.4", "5.2.4-b")),
    ("Jouer avec son tout-petit", "Des ateliers parents-enfants avant l’entrée à l’école.", ("5.2.4-b",)),
    (
        "Crèche itinérante des villages",
        "Un accueil de jeunes enfants qui change de commune chaque jour.",
        ("5.3.1-a", "5.3.1"),
    ),
    ("Relais entre assistants maternels", "Coordonner l’offre d’accueil et la mettre à niveau.", ("5.3.1", "5.3.1-a")),
    (
        "Médiation en pied d’immeuble",
        "Une présence en soirée et une écoute des conflits de voisinage.",
        ("6.1.1-b", "6.1.1"),
    ),
    ("Réseau des médiateurs de quartier", "Des médiateurs se réunissent, échangent et agissent ensemble.", ("6.1.1",)),
    (
        "Marches exploratoires",
        "Des habitantes parcourent leur quartier et proposent des aménagements.",
        ("6.1.1", "2.1.2"),
    ),
    ("Santé au marché", "Dépistages et conseils, le samedi, sur les marchés.", ("7.1.1-a", "7.1.1")),
    ("Bouger ensemble après soixante ans", "Marche, équilibre et repas partagés.", ("7.1.1",)),
    (
        "Mes droits à la santé",
        "Un accompagnement vers l’ouverture des droits et un médecin traitant.",
        ("7.1.1", "7.1.1-a"),
    ),
    ("Bibliothèque de rue", "Des livres et des conteurs au pied des immeubles, chaque mercredi.", ("8.1.2", "5.2.2")),
    ("Un spectacle, un bus", "Un transport et une rencontre avec les artistes pour aller au spectacle.", ("8.1.2",)),
    (
        "Le volet social du festival d’été",
        "Des ateliers toute l’année avec les habitants, jusqu’à la scène.",
        ("8.1.1", "8.1-b"),
    ),
    ("Mémoires de la vallée", "Des anciens racontent, des élèves enregistrent, une exposition voyage.", ("8.1.4",)),
    (
        "Sport pour toutes",
        "Des créneaux et une garde d’enfants pour les mères qui reprennent le sport.",
        ("8.1.2", "7.1.1"),
    ),
    ("Portraits du territoire", "Un croisement des diagnostics des PST avec les observatoires.", ("1.1.2-a", "1.1.2")),
)

# The priority quarters in force since 2024, and about where they lie: longitude and latitude, in degrees.
QUARTERS = {
    "QPV-2024-MADELEINE": (1.147, 49.006),
    "QPV-2024-NETREVILLE": (1.174, 49.019),
    "QPV-2024-NAVARRE": (1.124, 49.009),
}
MADELEINE, NETREVILLE, NAVARRE = QUARTERS
# What takes place there, by its title: beside its commune, it declares these quarters.
IN_QUARTERS = {
    "PRH La Boussole": (MADELEINE,),
    "PRH Le Seuil": (NETREVILLE,),
    "Jardins partagés au pied des immeubles": (MADELEINE,),
    "Fêtes de voisinage et chantiers d’habitants": (NETREVILLE, NAVARRE),
    "L’orchestre des cages d’escalier": (MADELEINE, NAVARRE),
    "Chantiers jeunes entre communes": (MADELEINE,),
    "Théâtre au collège et sur la place": (NETREVILLE,),
}

# Communes where the actions take place; the others of the perimeter have nothing but what a PST does.
COMMUNES = (
    "27229",
    "27299",
    "27602",
    "27306",
    "27347",
    "27439",
    "27020",
    "27017",
    "27280",
    "27234",
    "27410",
    "27684",
    "27678",
)

# (what is asked, orientation or none, published)
NEEDS = (
    ("On a des idées pour la place, mais personne ne sait à qui les dire.", "2.1.2", True),
    ("Pour un petit chantier entre voisins, le dossier est plus long que le chantier.", "2.1.2-b", True),
    ("Les cours de français sont à l’heure où je travaille.", "2.1.3-a", True),
    ("Il n’y a plus de bus après dix-neuf heures pour rentrer de formation.", None, True),
    ("Je garde mes petits-enfants et je ne sais pas les aider pour leurs leçons.", "5.2.1", True),
    ("La garde d’enfants coûte plus que ce que je gagne à mi-temps.", "5.3.1-b", True),
    ("On se croise, mais on ne se connaît pas.", "6.1.1", True),
    ("Le médecin est parti, le plus proche ne prend plus personne.", "7.1.1", True),
    ("Il faudrait quelqu’un pour les papiers, pas une machine.", "2.1.2-a", True),
    ("Les jeunes traînent parce qu’il n’y a rien pour eux ici.", "5.2.3", True),
    ("Le logement est humide et je ne sais pas à qui m’adresser.", "4.1", True),
    ("On voudrait un endroit où se retrouver l’hiver.", None, True),
    ("Ma mère ne sort plus, elle a peur de tomber.", "7.1.1", True),
    ("Le spectacle, c’est pour les gens de la ville.", "8.1.2", True),
    ("Je cherche un stage, tout le monde me demande d’où je viens.", "3.1.1", True),
    ("On aimerait comprendre ce que décide l’agglomération.", "2.1.1", False),
    ("Les trottoirs ne passent pas avec une poussette.", None, True),
    ("Il manque un médiateur le soir.", "6.1.1-b", True),
    ("On a perdu la fête du village.", "8.1.1", True),
    ("Je voudrais apprendre à nager avec ma fille.", None, False),
    ("Le dossier de crèche, on l’a fait trois fois.", "5.3.1", True),
    ("Il n’y a pas de réseau pour les démarches en ligne.", None, True),
    ("Mon fils décroche, le collège m’appelle trop tard.", "5.2.1-a", True),
    ("On voudrait raconter l’histoire de l’usine avant qu’on l’oublie.", "8.1.4", True),
)
