"""What report mails say, in French and English, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.backups import letters
from mspaudit.backups.mail_rules import about, tags, verdict


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("[Success] SRV-FICHIERS Daily (4 objects)", "Success\n4 of 4 objects processed", "success"),
        ("[Failed] SRV-FICHIERS Daily", "Error: host unreachable", "fail"),
        ("[Warning] SRV-FICHIERS Daily", "Success, 1 VM skipped", "warning"),
        ("Échec de la sauvegarde de NAS-MAIRIE", "La tâche a échoué.", "fail"),
        ("Sauvegarde terminée", "La sauvegarde a été effectuée avec succès.", "success"),
        ("Rapport quotidien", "Terminée avec des avertissements", "warning"),
        ("Rapport quotidien", "12 fichiers copiés, 412 Ko", "log"),
        ("Backup report", "Completed with 0 error(s) and 0 warning(s)", "success"),
        ("Backup report", "Errors: 0\nWarnings: 0\nStatus: OK", "success"),
        ("Backup report", "Errors: 10\nStatus: OK", "fail"),
        ("Backup report", "Errors: 3\nCompleted", "fail"),
        ("Rapport", "Sauvegarde réussie, sans erreur ni avertissement.", "success"),
        ("Rapport", "Aucune erreur. Sauvegarde réussie.", "success"),
        ("Rapport", "Réussie. En cas d’échec, appelez le support.", "success"),
        ("Rapport", "Échecs : aucun. Réussites : 4.", "success"),
        ("Backup of NAS failed", "Last success: yesterday", "fail"),
        ("Backup unsuccessful", "", "fail"),
        ("Backup", "Success for 3 jobs, 1 job failed", "fail"),
        ("Backup", "Error: no space left on device", "fail"),
        ("Sauvegarde", "Espace insuffisant sur le volume", "fail"),
        ("Sauvegarde", "La tâche n’a pas pu être lancée : destination injoignable", "fail"),
        ("Sauvegarde partielle", "3 dossiers sur 4 sauvegardés, réussi", "warning"),
        ("", "", "log"),
    ],
)
def test_a_report_is_read_as_its_tool_meant_it(subject: str, body: str, said: str) -> None:
    assert verdict(subject, body) == said


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_has_a_verdict(subject: str, body: str) -> None:
    assert verdict(subject, body) in ("success", "warning", "fail", "log")


@given(st.text(alphabet="abcdefg hij", max_size=80))
def test_a_word_of_failure_beats_any_success(noise: str) -> None:
    assert verdict(f"{noise} success", f"success\nbackup failed\n{noise}") == "fail"


def test_a_report_is_about_the_job_whose_words_it_holds() -> None:
    assert about(["NAS-MAIRIE"], "[Hyper Backup] Échec de la sauvegarde de NAS-MAIRIE vers C2", "")
    assert about(["paie", "nas mairie"], "", "la tâche NAS-MAIRIE")
    assert not about(["NAS"], "NASA", "")
    assert not about(["NAS-ECOLE"], "NAS-MAIRIE", "NAS-MAIRIE")
    assert about([], "n’importe quoi", "")


def test_what_stands_after_the_plus_names_a_job_or_an_msp() -> None:
    assert tags(["sauvegardes+abc-123@msp.example", "sauvegardes@msp.example"]) == ["abc-123"]
    assert tags(["a+../../etc@x.fr", "a+b c@x.fr", "+@x.fr"]) == []


HTML = b"""From: veeam@x.example
Subject: =?utf-8?q?R=C3=A9sultat?=
Content-Type: text/html; charset=utf-8

<html><head><style>.failed{color:red}</style><script>failed()</script></head>
<body><h1>SRV-PAIE</h1><table><tr><td>Statut</td><td>R\xc3\xa9ussi</td></tr></table></body></html>"""


def test_a_mail_in_html_alone_is_read_without_its_styles() -> None:
    found = letters.read(HTML)
    assert found.subject == "Résultat"
    assert "failed" not in found.text
    assert verdict(found.subject, found.text) == "success"


PLAIN, TRANSFER = "Content-Type: text/plain", "Content-Transfer-Encoding"


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (f"{PLAIN}; charset=iso-8859-1\r\n{TRANSFER}: quoted-printable", b"=E9chec", "échec"),
        (f"{PLAIN}; charset=utf-8\r\n{TRANSFER}: base64", b"w6ljaGVj", "échec"),
        ("Content-Type: text/plain; charset=klingon", "échec".encode(), "échec"),
        ("Content-Type: text/plain", "échec".encode("cp1252"), "échec"),
        ("Content-Type: text/plain; charset=utf-8", b"\xe9chec\x00", "échec"),
        ("Content-Type: multipart/mixed", b"no boundary at all", ""),
        ("Content-Type: ???", "échec".encode(), "échec"),
    ],
)  # fmt: skip
def test_a_mail_is_read_whatever_its_encoding(head: str, body: bytes, text: str) -> None:
    found = letters.read(f"From: a@b.example\r\n{head}\r\n\r\n".encode() + body)
    assert text in found.text
    assert "\0" not in found.text


def test_a_mail_names_its_sender_and_every_recipient() -> None:
    raw = b'From: "N" <NAS@Mairie.example>, x@y.example\r\nTo: a@b.example, C <c@d.example>\r\n'
    raw += b"Delivered-To: e+f@g.example\r\nMessage-ID: <1@x>\r\n\r\nok"
    found = letters.read(raw)
    assert (found.sender, found.message_id) == ("nas@mairie.example", "<1@x>")
    assert set(found.recipients) == {"a@b.example", "c@d.example", "e+f@g.example"}


def test_a_mail_without_a_name_gets_the_same_one_each_time() -> None:
    assert letters.read(b"hello").message_id == letters.read(b"hello").message_id
    assert letters.read(b"hello").message_id != letters.read(b"hellp").message_id


def test_parts_within_parts_do_not_exhaust_it() -> None:
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"From: a@b.example\r\n\r\nok"
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(3000)
    )
    for raw in (nested, parts, b"To: " + b"(" * 100_000 + b"\r\n\r\nok"):
        assert letters.read(raw).message_id


@given(st.binary(max_size=2000))
def test_no_mail_is_too_broken_to_be_read(raw: bytes) -> None:
    letters.read(raw)


HOSTILE = st.sampled_from(
    [
        b"From: \xff\xfe\r\n", b"From: =?utf-8?b?!!!?=\r\n", b"From: ,,,<>@\r\n", b"From: a@[\r\n",
        b"To: " + b"(" * 500 + b"\r\n", b"Subject: =?x?q?=FF=?=\r\n", b"Date: nope\r\n",
        b"Message-ID: \r\n <a\r\n", b"Message-ID: <" + b"x" * 900 + b">\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/plain; charset*=x''%FF\r\n",
        b"Content-Type: message/rfc822\r\n", b"Content-Disposition: ;;;filename*0*=x\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
    ]
)  # fmt: skip


@given(st.lists(HOSTILE, max_size=8), st.binary(max_size=300))
def test_no_header_breaks_the_reading(heads: list[bytes], body: bytes) -> None:
    found = letters.read(b"".join(heads) + b"\r\n--b\r\n" + body)
    assert "\n" not in found.message_id + found.sender + found.subject
    assert found.message_id
