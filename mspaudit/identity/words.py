"""What happened to an account, as its owner reads it."""

EVENTS = {
    "signed_in": "Connexion",
    "signed_out": "Déconnexion",
    "signed_out_everywhere": "Déconnexion de tous les appareils",
    "session_ended": "Session fermée à distance",
    "password_refused": "Mot de passe refusé",
    "factor_refused": "Second contrôle refusé",
    "password_set": "Mot de passe changé",
    "pin_set": "Code personnel changé",
    "totp_set": "Application de codes réglée",
    "passkey_added": "Clé d’accès ajoutée",
    "passkey_removed": "Clé d’accès retirée",
    "recovery_renewed": "Codes de secours renouvelés",
    "recovery_used": "Code de secours utilisé",
    "pin_reset_asked": "Nouveau code personnel demandé",
    "pin_reset_cancelled": "Demande de nouveau code annulée",
    "factors_reset": "Second contrôle réinitialisé par un administrateur",
    "joined": "Invitation acceptée",
    "platform_visited": "Visite de l’administration de la plateforme",
    "platform_created_msp": "Création d’un prestataire",
    "platform_reset_factors": "Second contrôle d’un administrateur réinitialisé",
    "alerts_hours": "Heures des alertes changées",
    "alerts_tested": "Alerte d’essai demandée",
    "calendar_opened": "Adresse de calendrier créée",
    "calendar_closed": "Adresse de calendrier supprimée",
    "demo_link": "Connexion par un lien de démonstration",
}

ROLES = {
    "admin": "Administrateur",
    "technician": "Technicien",
    "reader": "Lecture seule",
    "respondent": "Répond aux questions",
    "decider": "Décide",
}
