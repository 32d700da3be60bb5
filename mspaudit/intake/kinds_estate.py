"""Files of things: inventories and contracts, with the headers their software and people write."""

from mspaudit.intake.wording import Kind, words

_SERIAL = words("numerodeserie nserie ndeserie serialnumber serial serie sn")
_PEOPLE = frozenset(words("userprincipalname samaccountname prenom firstname matricule orgunitpath"))

GLPI_ASSETS = Kind(
    "glpi_assets",
    "Parc GLPI",
    "assets",
    headers={
        "name": words("nom name"),
        "entity": words("entite entity"),
        "status": words("statut status"),
        "maker": words("fabricant manufacturer"),
        "serial": _SERIAL,
        "type": words("type"),
        "model": words("modele model"),
        "os": words(
            "systemedexploitationnom operatingsystemname systemedexploitation operatingsystem nomdusysteme"
        ),
        "os_version": words(
            "systemedexploitationversion operatingsystemversion versiondusystemedexploitation "
            "systemedexploitationversiondusystemedexploitation"
        ),
        "place": words("lieu location"),
        "last_seen": words(
            "datedudernierinventaire dernierinventaire lastinventorydate agentderniercontact "
            "agentlastcontact dernieremodification lastupdate"
        ),
        "user": words("utilisateur user usager alternateusername"),
        "bought_on": words(
            "datedachat informationsfinancieresetadministrativesdatedachat dateofpurchase "
            "financialandadministrativeinformationdateofpurchase purchasedate"
        ),
        "warranty_until": words(
            "findegarantie dateexpirationdegarantie datedexpirationdelagarantie garantiejusquau "
            "informationsfinancieresetadministrativesdatedexpirationdelagarantie "
            "warrantyexpirationdate financialandadministrativeinformationwarrantyexpirationdate"
        ),
        "asset_tag": words("numerodinventaire inventorynumber ndinventaire"),
    },
    needs=(frozenset({"name", "serial"}), frozenset({"serial", "model", "os", "type"})),
    marks=frozenset(
        words(
            "entite entity systemedexploitationnom systemedexploitationversion "
            "operatingsystemname operatingsystemversion dernieremodification lastupdate lieu "
            "usager alternateusername composantsprocesseur componentsprocessor numerodinventaire "
            "inventorynumber datedudernierinventaire"
        )
    ),
    least=2,
    foreign=_PEOPLE
    | frozenset(words("assettag etiquettedelactif checkedoutto echeance preavis siren siret")),
    identity=(("serial",), ("asset_tag", "entity"), ("name", "entity")),
)

SNIPEIT_ASSETS = Kind(
    "snipeit_assets",
    "Parc Snipe-IT",
    "assets",
    headers={
        "asset_tag": words("assettag etiquettedelactif etiquettedactif numerodinventaire"),
        "name": words("assetname nomdelactif nomdactif name nom"),
        "entity": words("company societe compagnie entreprise"),
        "status": words("status statut"),
        "maker": words("manufacturer fabricant"),
        "serial": _SERIAL,
        "type": words("category categorie"),
        "model": words("model modele modelname"),
        "os": words("operatingsystem os systemedexploitation"),
        "os_version": words("osversion operatingsystemversion versiondusysteme"),
        "place": words("location lieu defaultlocation emplacementpardefaut"),
        "last_seen": words("lastaudit dernieraudit lastcheckout updatedat modifie"),
        "user": words("checkedoutto checkedout assignedto affectea extraitvers attribuea username"),
        "bought_on": words("purchasedate purchased datedachat achete"),
        "warranty_until": words("warrantyexpires expirationdegarantie expirationdelagarantie"),
    },
    needs=(frozenset({"asset_tag"}), frozenset({"serial", "model", "name", "status"})),
    marks=frozenset(
        words(
            "assettag etiquettedelactif assetname nomdelactif checkedoutto checkedout modelno "
            "numerodemodele warrantyexpires expirationdegarantie eol defaultlocation purchasecost "
            "ordernumber lastaudit extraitvers findevie emplacementpardefaut category categorie"
        )
    ),
    least=2,
    foreign=frozenset(words("userprincipalname samaccountname entite echeance preavis siren siret")),
    identity=(("asset_tag", "entity"), ("serial",), ("name", "entity")),
)

CONTRACTS = Kind(
    "contracts",
    "Contrats et licences",
    "contracts",
    headers={
        "label": words(
            "libelle libelleducontrat intitule intituleducontrat objet objetducontrat designation "
            "contrat nomducontrat nom description prestation label name"
        ),
        "supplier": words(
            "fournisseur prestataire editeur titulaire tiers societe assureur vendor supplier provider"
        ),
        "type": words("type typedecontrat nature categorie kind"),
        "starts_on": words(
            "debut datedebut datededebut datedeffet dateeffet datedesignature signature debutle "
            "start startdate"
        ),
        "ends_on": words(
            "echeance datedecheance dateecheance fin datefin datedefin finducontrat findecontrat "
            "dateexpiration datedexpiration expiration termine end enddate renewaldate "
            "dateanniversaire"
        ),
        "notice_months": words(
            "preavis preavismois preavisenmois dureedupreavis dureepreavis delaidepreavis "
            "delaipreavis notice noticeperiod noticemonths"
        ),
        "tacit": words(
            "tacitereconduction reconductiontacite tacite reconduction renouvellementautomatique "
            "reconductionautomatique renouvellementtacite autorenewal autorenew"
        ),
        "yearly_amount": words(
            "montantannuelht montantannuel montantannuelttc coutannuelht coutannuel prixannuel "
            "montantht montant coutannuelttc cout prix yearlyamount annualcost amount"
        ),
        "reference": words(
            "reference referenceducontrat numerodecontrat ncontrat numeroducontrat ndecontrat ref "
            "refcontrat contractnumber numero"
        ),
        "seats": words(
            "postes nombredepostes nbpostes licences nombredelicences quantite quantity seats users"
        ),
        "entity": words("client collectivite commune entreprise nomduclient beneficiaire entite customer"),
    },
    needs=(frozenset({"label"}), frozenset({"ends_on", "notice_months"})),
    marks=frozenset(
        words(
            "echeance datedecheance dateecheance preavis dureedupreavis delaidepreavis "
            "tacitereconduction reconductiontacite tacite reconduction fournisseur prestataire "
            "montantannuel montantannuelht coutannuel renouvellementautomatique noticeperiod "
            "autorenewal renewaldate supplier vendor numerodecontrat finducontrat"
        )
    ),
    least=2,
    foreign=_PEOPLE
    | frozenset(words("numerodeserie serialnumber assettag codeinsee population headcount effectif")),
    identity=(
        ("reference", "supplier", "entity"),
        ("label", "supplier", "starts_on", "ends_on", "entity"),
    ),
)

ESTATE = (GLPI_ASSETS, SNIPEIT_ASSETS, CONTRACTS)
