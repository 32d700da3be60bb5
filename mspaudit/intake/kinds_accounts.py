"""Exports of directories, with the headers their software writes."""

from datetime import UTC

from mspaudit.intake.wording import Kind, words

_UPN = words("userprincipalname nomdutilisateurprincipal nomprincipaldelutilisateur upn")
_MFA = words(
    "ismfaregistered ismfacapable methodsregistered defaultmfamethod issspregistered isssprregistered"
)

_ENTRA = {
    "upn": _UPN,
    "name": words("displayname"),
    "surname": words("surname"),
    "given_name": words("givenname"),
    "mail": words("mail"),
    "external_id": words("objectid id"),
    "user_type": words("usertype"),
    "title": words("jobtitle"),
    "department": words("department"),
    "enabled": words("accountenabled"),
    "created_at": words("createddatetime"),
    "last_sign_in": words("lastsignindatetime lastsignin lastsuccessfulsignindatetime signinactivity"),
    "password_last_set": words("lastpasswordchangedatetime"),
    "licences": words("assignedlicenses licenses"),
}

_ACCOUNT_KEY = (("upn",), ("login",), ("mail",), ("external_id",))
_HAS_NAME = frozenset({"name", "surname", "given_name"})

ENTRA_USERS = Kind(
    "entra_users",
    "Utilisateurs Entra ID",
    "accounts",
    headers=_ENTRA,
    needs=(frozenset({"upn"}), _HAS_NAME),
    marks=frozenset(
        words(
            "directorysynced creationtype invitationstate identityissuer alternateemailaddress "
            "telephonenumber legalagegroupclassification consentprovidedforminor "
            "physicaldeliveryofficename"
        )
    ),
    least=0,
    foreign=frozenset((*_MFA, *words("samaccountname blockcredential distinguishedname"))),
    identity=_ACCOUNT_KEY,
    order="month",
    zone=UTC,
    spelling=frozenset({"userPrincipalName"}),
)

MGGRAPH_USERS = Kind(
    "mggraph_users",
    "Utilisateurs lus par Get-MgUser",
    "accounts",
    headers=_ENTRA,
    needs=(frozenset({"upn"}), _HAS_NAME),
    marks=frozenset(
        words(
            "assignedlicenses onpremisessyncenabled signinactivity additionalproperties "
            "businessphones mailnickname aboutme proxyaddresses passwordpolicies "
            "signinsessionsvalidfromdatetime"
        )
    ),
    least=0,
    foreign=frozenset((*_MFA, *words("samaccountname blockcredential distinguishedname"))),
    identity=_ACCOUNT_KEY,
    order="day",
    zone=UTC,
    spelling=frozenset({"UserPrincipalName"}),
)

M365_USERS = Kind(
    "m365_users",
    "Utilisateurs du centre d’administration Microsoft 365",
    "accounts",
    headers={
        "upn": (*_UPN, *words("nomdutilisateur username")),
        "name": words("displayname nomcomplet nomdaffichage nomaafficher"),
        "given_name": words("firstname prenom"),
        "surname": words("lastname nom nomdefamille"),
        "external_id": words("objectid iddobjet idobjet identificateurdobjet identifiantdobjet"),
        "title": words("title titre fonction poste intituleduposte"),
        "department": words("department service departement"),
        "blocked": words(
            "blockcredential bloquerlesinformationsdidentification bloquerlidentification "
            "connexionbloquee bloquerlaconnexion informationsdidentificationbloquees "
            "signinblocked blocksignin"
        ),
        "licences": words("licenses licences"),
        "created_at": words("whencreated datedecreation creele dateetheuredecreation"),
        "password_last_set": words(
            "lastpasswordchangetimestamp datedederniermodificationdumotdepasse "
            "datedeladernieremodificationdumotdepasse "
            "horodatagedeladernieremodificationdumotdepasse dernieremodificationdumotdepasse "
            "dernierchangementdumotdepasse horodatagedudernierchangementdemotdepasse"
        ),
        "password_never_expires": words(
            "passwordneverexpires lemotdepassenexpirejamais motdepassenexpirejamais motdepassesansexpiration"
        ),
    },
    needs=(frozenset({"upn"}), frozenset({"blocked", "licences"})),
    marks=frozenset(
        words(
            "blockcredential lastdirsynctime softdeletiontimestamp oathtokenmetadata "
            "licenseassignmentdetails lastpasswordchangetimestamp passwordneverexpires "
            "usagelocation preferreddatalocation whencreated "
            "bloquerlesinformationsdidentification emplacementdutilisation lieudutilisation "
            "licences nomcomplet lemotdepassenexpirejamais datedecreation dirsyncenabled "
            "connexionbloquee nomdutilisateurprincipal detailsdelattributiondelicence "
            "adressesproxy bloquerlaconnexion"
        )
    ),
    least=2,
    foreign=frozenset((*_MFA, *words("accountenabled samaccountname distinguishedname"))),
    identity=_ACCOUNT_KEY,
    order="day",
    zone=UTC,
)

ENTRA_MFA = Kind(
    "entra_mfa",
    "Inscriptions au second facteur (Entra ID)",
    "accounts",
    headers={
        "upn": _UPN,
        "name": words("userdisplayname displayname nomdaffichage"),
        "external_id": words("userid objectid id"),
        "user_type": words("usertype"),
        "admin": words("isadmin estadministrateur"),
        "mfa": words("ismfaregistered mfaregistered multifactorauthenticationregistered"),
        "mfa_methods": words("methodsregistered methodesinscrites"),
        "measured_at": words("lastupdateddatetime"),
    },
    needs=(frozenset({"upn"}), frozenset({"mfa"})),
    marks=frozenset(_MFA),
    identity=(("upn",), ("external_id",)),
    order="month",
    zone=UTC,
)

AD_USERS = Kind(
    "ad_users",
    "Utilisateurs Active Directory",
    "accounts",
    headers={
        "upn": _UPN,
        "login": words("samaccountname"),
        "name": words("displayname name cn"),
        "given_name": words("givenname"),
        "surname": words("surname sn"),
        "mail": words("emailaddress mail"),
        "external_id": words("objectguid sid"),
        "title": words("title"),
        "department": words("department"),
        "enabled": words("enabled"),
        "last_sign_in": words("lastlogondate lastlogontimestamp"),
        "created_at": words("whencreated created createtimestamp"),
        "password_last_set": words("passwordlastset"),
        "password_never_expires": words("passwordneverexpires"),
        "object_class": words("objectclass"),
        "dn": words("distinguishedname"),
    },
    needs=(frozenset({"login", "dn"}), frozenset({"enabled", "last_sign_in", "dn", "object_class"})),
    marks=frozenset(
        words("samaccountname distinguishedname objectguid sid objectclass lastlogondate passwordlastset")
    ),
    least=2,
    identity=(("login", "dn"), ("upn",), ("external_id",), ("dn",)),
)

GOOGLE_USERS = Kind(
    "google_users",
    "Utilisateurs Google Workspace",
    "accounts",
    headers={
        "upn": words("emailaddress adresseemail"),
        "given_name": words("firstname prenom"),
        "surname": words("lastname nom nomdefamille"),
        "external_id": words("employeeid"),
        "title": words("employeetitle"),
        "department": words("department orgunitpath cheminducorganisation cheminduniteorganisationnelle"),
        "suspended": words("status etat"),
        "last_sign_in": words("lastsignin derniereconnexion derniereconnexion"),
        "admin": words("admin isadmin superadmin"),
        "mfa": words("2svenrolled"),
    },
    needs=(frozenset({"upn"}), frozenset({"suspended", "mfa", "last_sign_in"})),
    marks=frozenset(
        words(
            "orgunitpath 2svenrolled 2svenforced passwordhashfunction newprimaryemail "
            "recoveryemail emailusage driveusage changepasswordatnextsignin newstatus "
            "homesecondaryemail worksecondaryemail"
        )
    ),
    least=2,
    identity=(("upn",),),
    order="day",
)

OKTA_USERS = Kind(
    "okta_users",
    "Utilisateurs Okta",
    "accounts",
    headers={
        "upn": words("login profilelogin userlogin oktausername username"),
        "name": words("userfullname displayname profiledisplayname fullname user"),
        "given_name": words("firstname profilefirstname userfirstname"),
        "surname": words("lastname profilelastname userlastname"),
        "mail": words("email primaryemail profileemail useremail"),
        "external_id": words("id userid oktauserid"),
        "title": words("title profiletitle"),
        "department": words("department profiledepartment"),
        "enabled": words("status userstatus oktauserstatus currentuserstatus"),
        "created_at": words("created creationdate createddate"),
        "last_sign_in": words("lastlogin lastlogindate lastsignin"),
        "password_last_set": words("passwordchanged lastpasswordchange passwordchangeddate"),
    },
    needs=(frozenset({"upn"}), frozenset({"enabled"})),
    marks=frozenset(
        words(
            "profilelogin profileemail oktausername oktauserid oktauserstatus statuschanged "
            "activated lastlogin passwordchanged authenticationsource activationdate "
            "credentialsprovidertype credentialsprovidername transitioningtostatus "
            "statuschangedate lastpasswordchange secondemail login"
        )
    ),
    least=2,
    foreign=frozenset((*_UPN[:2], *words("samaccountname orgunitpath"))),
    identity=_ACCOUNT_KEY,
    order="month",
    zone=UTC,
)

ACCOUNTS = (
    ENTRA_USERS,
    M365_USERS,
    ENTRA_MFA,
    MGGRAPH_USERS,
    AD_USERS,
    GOOGLE_USERS,
    OKTA_USERS,
)
