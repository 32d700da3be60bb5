"""The words by which accounts that belong to nobody name themselves, folded."""

from mspaudit.intake.wording import words

SERVICE = frozenset(
    words(
        "svc srv service sync adsync aadsync msol krbtgt backup sauvegarde veeam scan scanner scans "
        "copieur imprimante photocopieur fax noreply donotreply api robot bot sql mssql iis ldap vpn rmm "
        "kiosk borne healthmailbox systemmailbox discoverysearchmailbox iusr guestuser defaultaccount "
        "wdagutilityaccount monitoring supervision serveur server applicatif"
    )
)
SHARED = frozenset(
    words(
        "accueil mairie contact contacts info infos compta comptabilite facturation factures facture "
        "secretariat direction rh urbanisme etatcivil ccas creche ecole ecoles bibliotheque mediatheque "
        "cantine periscolaire technique techniques salle salles commercial commerciale devis commande "
        "commandes support partage partagee commun commune reception standard elus administration "
        "administratif dpo stage stagiaire stagiaires animation jeunesse culture sport cimetiere election "
        "elections finances paie achats marches courrier communication newsletter atelier boutique magasin "
        "planning sav reservation reservations"
    )
)
ADMIN = frozenset(words("admin admins administrateur administrator adm root superadmin domadmin"))
RESCUE = frozenset(words("secours urgence emergency"))
GLASS = (
    frozenset({"breakglass"}),
    frozenset({"brisdeglace"}),
    frozenset({"break", "glass"}),
    frozenset({"bris", "glace"}),
)
CIVIL = frozenset({"etat", "civil"})
FILLERS = frozenset(words("boite compte de la le du des mail"))
MARKED = SERVICE | SHARED | ADMIN | RESCUE | CIVIL | FILLERS | frozenset().union(*GLASS)
"""A name without any of these is nobody's but a person's."""

MACHINES = frozenset(("computer", "msds-managedserviceaccount", "msds-groupmanagedserviceaccount"))
GUESTS = frozenset(("guest", "invite", "invité"))
