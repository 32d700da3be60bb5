"""Invented places, companies and people: never a real commune with invented weaknesses.

A test holds every commune's name against the national list.
"""

from typing import NamedTuple


class Place(NamedTuple):
    """A client before its story: ``size`` is inhabitants or people."""

    name: str
    size: int
    tags: tuple[str, ...] = ()


COMMUNES = (
    Place("Valbrune", 1842, ("M365",)),
    Place("Lisse-le-Vieux", 466),
    Place("Beaucorne", 640),
    Place("Saint-Morand-les-Prés", 1310),
    Place("Saint-Aubrin", 820, ("M365",)),
    Place("Méravelle", 2460),
    Place("Montéclair-sur-Lisse", 3120),
    Place("Marzelles", 410),
    Place("Hautmarelle", 275),
    Place("Mont-Ardoise", 1975, ("M365",)),
    Place("Noirvault", 930),
    Place("Corvane", 1180),
    Place("Sainte-Orlande", 540),
    Place("Pontmarin-sur-Orle", 3480, ("M365",)),
    Place("Fervaque-le-Haut", 310),
    Place("Brévaucourt", 705),
    Place("Champlorne", 1510),
    Place("Les Aunaies-Grises", 198),
    Place("Orvillac", 860),
    Place("Tressange-la-Jolie", 1120, ("M365",)),
    Place("Castelvieil-sur-Dorne", 2740),
    Place("Roquemaure-des-Vents", 620),
    Place("Villardenne", 1405),
    Place("Grandmesnil-en-Orle", 385),
    Place("Saint-Thélian", 1690),
    Place("Kerlouvan", 2210, ("M365",)),
    Place("Plouénec-la-Lande", 980),
    Place("Mirevanne", 455),
    Place("Chantorbe", 760),
    Place("Ruffignac-le-Neuf", 590),
    Place("Belledoire", 1275),
    Place("Saint-Gervolin", 340),
    Place("Fontclaire-en-Lisse", 1930, ("M365",)),
    Place("Ormesnoy", 525),
    Place("Vauxbernon", 1060),
    Place("La Chapelle-Sarvoise", 845),
    Place("Durlans-sous-Bois", 232),
    Place("Escalmont", 3010),
    Place("Moulinvert", 670),
    Place("Sorbières-le-Pont", 1450),
    Place("Hauterivolle", 790),
    Place("Brumont-les-Bains", 2080),
)

COMPANIES = (
    Place("Menuiserie Tassigneau", 9),
    Place("Assurances Velorme", 11, ("M365", "assuré")),
    Place("Transports Brévalle", 46, ("assuré",)),
    Place("Scierie Malbreuil", 24),
    Place("Hôtel des Tuiles", 14),
    Place("Architectes Olvène", 12, ("M365",)),
    Place("Optique Sévrine", 6),
    Place("Garage Pontarlu", 8),
    Place("Cabinet comptable Ferlande", 19, ("M365", "assuré")),
    Place("Boulangerie Quatrebras", 7),
    Place("Imprimerie Dauvrange", 16),
    Place("Cave de Lorsanne", 21),
    Place("Pharmacie Bellegrave", 10, ("santé",)),
    Place("Électricité Maubriac", 13),
    Place("Paysages Ronvalle", 18),
    Place("Clinique vétérinaire Aubrelle", 15, ("santé",)),
    Place("Maçonnerie Tréhault", 27),
    Place("Étude notariale Gervaise", 9, ("M365", "assuré")),
    Place("Laiterie du Val d’Orle", 62, ("assuré",)),
    Place("Plomberie Sauvenard", 11),
    Place("Agence Littoria", 8, ("M365",)),
    Place("Mécanique Desforges", 34),
    Place("Ambulances Corvalle", 22, ("santé",)),
    Place("Conserverie Malo", 41),
    Place("Librairie des Arceaux", 5),
    Place("Fonderie Brissarde", 55),
)

FIRST_NAMES = (
    "Martine", "Hélène", "Paul", "Nathalie", "Jean-Marc", "Sylvie", "Karim", "Brigitte", "Thomas", "Chantal",
    "Fatima", "Michel", "Aurélie", "Didier", "Sophie", "Yannick", "Corinne", "Bruno", "Élodie", "Gérard",
    "Catherine", "Mehdi", "Laurence", "Alain", "Émilie", "Pascal", "Véronique", "Julien", "Monique", "Samir",
)  # fmt: skip

LAST_NAMES = (
    "Delorme", "Astruc", "Vigneron", "Perrin", "Tissot", "Morel", "Benali", "Carpentier", "Lagrange",
    "Roussel",
    "Haddad", "Marchal", "Fournier", "Guérin", "Lebrun", "Kerviel", "Pons", "Besson", "Texier", "Barbier",
    "Leclercq", "Amrani", "Bouvier", "Castel", "Dufour", "Ribot", "Salmon", "Vasseur", "Charrier", "Joly",
)  # fmt: skip
