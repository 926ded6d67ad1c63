# ruff: noqa: E501, RUF001  (sentences, with the apostrophes of French)
"""What the end user reads, in English, French and German. The server's own sentences come translated."""

import locale
import os

SENTENCES: dict[str, dict[str, str]] = {
    "not_signed_in": {
        "en": "You are not signed in on this computer. Sign in first.",
        "fr": "Vous n’êtes pas connecté sur cet ordinateur. Connectez-vous d’abord.",
        "de": "Sie sind auf diesem Computer nicht angemeldet. Melden Sie sich zuerst an.",
    },
    "no_lease": {
        "en": "There is no lease of {product} on this computer. Check one out while you are online.",
        "fr": "Il n’y a pas d’autorisation pour {product} sur cet ordinateur. Obtenez-en une tant que vous êtes en ligne.",
        "de": "Auf diesem Computer gibt es keine Freigabe für {product}. Rufen Sie eine ab, solange Sie online sind.",
    },
    "unreachable": {
        "en": "The license server does not answer. Check your connection; the application tries again by itself.",
        "fr": "Le serveur de licences ne répond pas. Vérifiez votre connexion ; l’application réessaie d’elle-même.",
        "de": "Der Lizenzserver antwortet nicht. Prüfen Sie Ihre Verbindung; die Anwendung versucht es von selbst noch einmal.",
    },
    "bad_answer": {
        "en": "The license server gave an answer that makes no sense. Tell the maker of the application.",
        "fr": "La réponse du serveur de licences est incompréhensible. Signalez-le à l’éditeur de l’application.",
        "de": "Die Antwort des Lizenzservers ist unverständlich. Melden Sie das dem Hersteller der Anwendung.",
    },
    "insecure_address": {
        "en": "The address of the license server has to begin with https://.",
        "fr": "L’adresse du serveur de licences doit commencer par https://.",
        "de": "Die Adresse des Lizenzservers muss mit https:// beginnen.",
    },
    "other_issuer": {
        "en": "The license server calls itself {issuer}. Use that address.",
        "fr": "Le serveur de licences se nomme {issuer}. Utilisez cette adresse.",
        "de": "Der Lizenzserver nennt sich {issuer}. Verwenden Sie diese Adresse.",
    },
    "sign_in_denied": {
        "en": "The sign-in was declined in the browser. Start it again if that was a mistake.",
        "fr": "La connexion a été refusée dans le navigateur. Recommencez si c’était une erreur.",
        "de": "Die Anmeldung wurde im Browser abgelehnt. Beginnen Sie neu, falls das ein Versehen war.",
    },
    "sign_in_timeout": {
        "en": "Nobody finished the sign-in in the browser. Start it again.",
        "fr": "La connexion n’a pas été menée à son terme dans le navigateur. Recommencez.",
        "de": "Die Anmeldung wurde im Browser nicht abgeschlossen. Beginnen Sie neu.",
    },
    "no_sign_in_elsewhere": {
        "en": "This license server does not let you sign in from another device. Sign in on a computer with a browser.",
        "fr": "Ce serveur de licences ne permet pas de se connecter depuis un autre appareil. Connectez-vous sur un ordinateur muni d’un navigateur.",
        "de": "Dieser Lizenzserver erlaubt keine Anmeldung über ein anderes Gerät. Melden Sie sich an einem Computer mit Browser an.",
    },
    "sign_in_failed": {
        "en": "The sign-in did not work ({reason}). Start it again.",
        "fr": "La connexion n’a pas fonctionné ({reason}). Recommencez.",
        "de": "Die Anmeldung hat nicht funktioniert ({reason}). Beginnen Sie neu.",
    },
    "lease_expired": {
        "en": "The lease ended on {end}. Connect to the internet to renew it.",
        "fr": "L’autorisation a pris fin le {end}. Connectez-vous à Internet pour la renouveler.",
        "de": "Die Freigabe ist am {end} abgelaufen. Stellen Sie eine Internetverbindung her, um sie zu erneuern.",
    },
    "lease_invalid": {
        "en": "The lease stored on this computer is not valid ({reason}). Check out a new one.",
        "fr": "L’autorisation enregistrée sur cet ordinateur n’est pas valable ({reason}). Obtenez-en une nouvelle.",
        "de": "Die auf diesem Computer gespeicherte Freigabe ist ungültig ({reason}). Rufen Sie eine neue ab.",
    },
    "maintenance_ended": {
        "en": "Your license covers releases up to {last}; this one is newer. Install an older release, or have the maintenance extended.",
        "fr": "Votre licence couvre les versions jusqu’au {last} ; celle-ci est plus récente. Installez une version antérieure ou faites prolonger la maintenance.",
        "de": "Ihre Lizenz gilt für Versionen bis {last}; diese ist neuer. Installieren Sie eine ältere Version oder lassen Sie die Wartung verlängern.",
    },
    "bad_file": {
        "en": "This is not the answer file of the portal. Download it there again.",
        "fr": "Ce n’est pas le fichier de réponse du portail. Téléchargez-le à nouveau.",
        "de": "Das ist nicht die Antwortdatei aus dem Portal. Laden Sie sie dort noch einmal herunter.",
    },
    "clock_set_back": {
        "en": "The clock of this computer went back. Connect to the internet once, or set the right time.",
        "fr": "L’horloge de cet ordinateur est revenue en arrière. Connectez-vous une fois à Internet, ou réglez l’heure.",
        "de": "Die Uhr dieses Computers wurde zurückgestellt. Stellen Sie sie richtig oder gehen Sie einmal online.",
    },
    "page_done": {
        "en": "You are signed in. You can close this window and go back to the application.",
        "fr": "Vous êtes connecté. Vous pouvez fermer cette fenêtre et revenir à l’application.",
        "de": "Sie sind angemeldet. Sie können dieses Fenster schließen und zur Anwendung zurückkehren.",
    },
    "page_failed": {
        "en": "The sign-in did not work. Close this window and start again from the application.",
        "fr": "La connexion n’a pas fonctionné. Fermez cette fenêtre et recommencez depuis l’application.",
        "de": "Die Anmeldung hat nicht funktioniert. Schließen Sie dieses Fenster und beginnen Sie in der Anwendung noch einmal.",
    },
    "open_address": {
        "en": "Open this address in your browser:",
        "fr": "Ouvrez cette adresse dans votre navigateur :",
        "de": "Öffnen Sie diese Adresse im Browser:",
    },
    "open_elsewhere": {
        "en": "On any device, open {address} and make sure that it shows this code: {shown}",
        "fr": "Sur l’appareil de votre choix, ouvrez {address} et vérifiez que la page affiche ce code : {shown}",
        "de": "Öffnen Sie auf einem beliebigen Gerät {address} und prüfen Sie, dass dort dieser Code steht: {shown}",
    },
    "signed_in": {
        "en": "Signed in as {name}.",
        "fr": "Vous êtes connecté en tant que {name}.",
        "de": "Angemeldet als {name}.",
    },
    "signed_out": {"en": "Signed out.", "fr": "Vous êtes déconnecté.", "de": "Abgemeldet."},
    "your_products": {
        "en": "You have licenses of: {products}.",
        "fr": "Vos licences : {products}.",
        "de": "Sie haben Lizenzen für: {products}.",
    },
    "no_products": {
        "en": "You have no license yet. Ask an administrator of your team.",
        "fr": "Vous n’avez pas encore de licence. Demandez-en une à un administrateur de votre équipe.",
        "de": "Sie haben noch keine Lizenz. Bitten Sie die Administration Ihres Teams um eine.",
    },
    "lease_good": {
        "en": "{product}: valid until {end}. Features: {features}.",
        "fr": "{product} : valable jusqu’au {end}. Fonctionnalités : {features}.",
        "de": "{product}: gültig bis {end}. Funktionen: {features}.",
    },
    "released": {
        "en": "{product}: given back.",
        "fr": "{product} : autorisation rendue.",
        "de": "{product}: zurückgegeben.",
    },
    "request_written": {
        "en": "{file} is written. Take it to My licenses in the portal, and bring the answer back with accept-file.",
        "fr": "{file} est prêt. Déposez-le dans « Mes licences » sur le portail, puis lisez la réponse avec accept-file.",
        "de": "{file} ist geschrieben. Laden Sie die Datei im Portal unter „Meine Lizenzen“ hoch und lesen Sie die Antwort mit accept-file ein.",
    },
    "return_written": {
        "en": "The lease has ended here. Take {file} to My licenses in the portal to free its place.",
        "fr": "L’autorisation a pris fin ici. Déposez {file} dans « Mes licences » sur le portail pour libérer la place.",
        "de": "Die Freigabe ist hier beendet. Laden Sie {file} im Portal unter „Meine Lizenzen“ hoch, damit der Platz frei wird.",
    },
    "nothing": {
        "en": "No lease is stored on this computer.",
        "fr": "Aucune autorisation n’est enregistrée sur cet ordinateur.",
        "de": "Auf diesem Computer ist keine Freigabe gespeichert.",
    },
}


def language_of_system() -> str:
    """Return `fr`, `de` or `en`, whichever the user's surroundings ask for."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return supported(os.environ[name])
    return supported(locale.getlocale()[0] or "")


def supported(language: str) -> str:
    """Return the language that we have for a tag such as `fr_CH.UTF-8`."""
    short = language[:2].lower()
    return short if short in {"fr", "de"} else "en"


def say(code: str, language: str, **values: str) -> str:
    """Return the sentence in the language."""
    return SENTENCES[code][supported(language)].format(**values)
