"""What each page of the declaration is for, and what happens next: one short paragraph, under its title."""

PURPOSES = {
    "campagne": (
        "Chaque déclaration répond à un appel à projets, qui fixe quand déposer et quand l’action se fait. "
        "Ensuite, l’agglomération classe votre demande avec celles du même appel."
    ),
    "structure": (
        "L’agglomération vérifie ici qui porte l’action, et à qui écrire. Une fois le dossier déposé, la "
        "fiche de votre structure est mise à jour, et vos prochaines déclarations la reprennent."
    ),
    "action": (
        "Dites ce que vous ferez, et pourquoi. Le titre et le résumé seront publics si l’action est retenue ; "
        "le reste aide ceux qui instruisent votre demande."
    ),
    "rattachement": (
        "L’agglomération soutient ce qui répond à ses orientations. Choisissez celle que votre action sert "
        "d’abord : c’est là qu’on la retrouvera, et l’instruction commence par cette réponse."
    ),
    "territoire": (
        "Dites où l’action se déroule. Si elle est retenue, elle paraîtra sur la carte et dans les pages de "
        "ces communes et de ces quartiers."
    ),
    "publics": (
        "Dites pour qui est l’action, et combien de personnes vous attendez. Au bilan, vous direz combien "
        "sont venues, avec les mêmes questions : une estimation suffit aujourd’hui."
    ),
    "calendrier": (
        "Dites quand l’action commence et finit. Ces dates disent quand l’action est en cours, et quand son "
        "bilan sera attendu."
    ),
    "partenaires": (
        "Dites avec qui vous travaillez, et ce que chacun apporte. Ceux qui instruisent y voient si l’action "
        "est bien entourée."
    ),
    "budget": (
        "Dites ce que l’action coûte et qui la paie : les deux totaux doivent être égaux. Le comité décide "
        "sur cette base ; au bilan, vous direz ce qui a été dépensé, ligne par ligne."
    ),
    "evaluation": (
        "Dites à quoi l’on verra que l’action a réussi. Un indicateur suffit, s’il est simple à compter : au "
        "bilan, vous direz où il en est."
    ),
    "pieces": (
        "Joignez ce que l’appel demande, et attestez ce que vous déclarez. Ensuite, relisez tout et déposez : "
        "l’agglomération en est prévenue, et vous êtes tenu au courant de la suite."
    ),
}
