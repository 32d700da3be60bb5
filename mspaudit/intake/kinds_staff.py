"""A staff list, as payroll software and secretaries write it."""

from mspaudit.intake.wording import Kind, words

_MAILED = words("email mail courriel adresseemail adressemail emailprofessionnel mailprofessionnel emailpro")
_REGISTRY = frozenset(words("siren siret codeinsee insee population habitants effectif effectifs headcount"))

STAFF_LIST = Kind(
    "staff_list",
    "Liste du personnel",
    "staff",
    headers={
        "given_name": words(
            "prenom prenoms prenomusuel prenomagent prenomdelagent prenomsalarie prenomdusalarie firstname"
        ),
        "surname": words(
            "nomdusage nomusage nomusuel nomdefamille nom nomagent nomdelagent nomsalarie "
            "nomdusalarie patronyme nommarital nomdenaissance surname lastname"
        ),
        "name": words(
            "nometprenom nomprenom nomprenoms nometprenoms prenomnom prenometnom nomcomplet agent "
            "salarie employe collaborateur identite nomprenomdusalarie nomprenomdelagent fullname"
        ),
        "email": (*_MAILED, *words("adressemailprofessionnelle adressedemessagerie messagerie")),
        "department": words(
            "service servicedaffectation affectation libelleservice direction departement pole "
            "unite equipe department"
        ),
        "status": words(
            "statut typedecontrat typecontrat natureducontrat naturecontrat contrat categorie "
            "situation position"
        ),
        "arrived_on": words(
            "dateentree datedentree datearrivee datedarrivee dateembauche datedembauche "
            "datederecrutement datedebut datedebutcontrat datededebut datededebutdecontrat "
            "debutcontrat debutdecontrat entree arrivee embauche entreele arriveele "
            "datedeprisedefonction datedenomination debutdemandat hiredate"
        ),
        "left_on": words(
            "datesortie datedesortie datedepart datededepart datefin datedefin datefincontrat "
            "datedefindecontrat datefindecontrat fincontrat findecontrat sortie depart sortiele "
            "departle partile datederadiation datedefindefonction findemandat enddate"
        ),
        "title": words(
            "fonction poste emploi intituleduposte intituleposte metier libelleemploi "
            "libelledelemploi qualification titre grade jobtitle"
        ),
        "number": words(
            "matricule matriculeagent matriculesalarie nmatricule numeromatricule numeroagent "
            "numerosalarie codesalarie codeagent idagent idsalarie employeenumber"
        ),
        "entity": words(
            "client collectivite commune mairie societe entreprise etablissement employeur "
            "raisonsociale nomduclient organisme structure"
        ),
    },
    needs=(
        frozenset({"name", "surname"}),
        frozenset({"arrived_on", "left_on", "number", "status", "department", "title"}),
    ),
    marks=frozenset(
        words(
            "prenom prenoms nomprenom nometprenom matricule dateentree datedentree dateembauche "
            "datedembauche datesortie datedesortie datedepart datededepart agent salarie "
            "nomdusage nomdefamille typedecontrat natureducontrat findecontrat datefindecontrat "
            "prenomusuel nomusuel service emploi"
        )
    ),
    least=1,
    foreign=_REGISTRY
    | frozenset(
        words(
            "userprincipalname nomdutilisateurprincipal samaccountname orgunitpath serial "
            "serialnumber numerodeserie preavis echeance blockcredential login technicien "
            "mandatsignele"
        )
    ),
    identity=(("number", "entity"), ("email",), ("name", "entity"), ("surname", "given_name", "entity")),
)
