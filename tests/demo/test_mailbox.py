"""The mail page shows what was sent, and nothing else that lies on the disk."""

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.test import Client

from ekip.demo import mailbox
from ekip.shared.errors import NotFound

pytestmark = pytest.mark.django_db

DASHES = "-" * 79


def send(
    subject: str = "Please review", *, to: str = "hanna@example.org", body: str = "Hello", identity: str = "<1@here>"
) -> None:
    """Send one mail through the backend of the demonstration."""
    headers = {"Message-ID": identity, "Date": "Mon, 01 Mar 2027 09:00:00 +0100"}
    get_connection().send_messages([EmailMessage(subject, body, to=[to], headers=headers)])


@pytest.fixture
def client(addresses) -> Client:
    """A visitor without an account."""
    return Client()


class TestBackend:
    def test_a_mail_is_read_as_it_was_sent(self, folder) -> None:
        send("Žádost “o posudek”", body=f"First\n\n{DASHES}\nFrom: nobody\n\nLast\n")
        [letter] = mailbox.letters()
        assert (letter.subject, letter.to) == ("Žádost “o posudek”", "hanna@example.org")
        assert letter.body == f"First\n\n{DASHES}\nFrom: nobody\n\nLast\n"
        assert letter.sent_at.isoformat() == "2027-03-01T08:00:00+00:00"
        assert mailbox.letter(letter.key) == letter

    def test_the_same_mail_sent_again_is_one_mail(self, folder) -> None:
        send()
        send()
        send(identity="<2@here>")
        assert len(mailbox.letters()) == 2

    def test_only_the_owner_can_look_into_the_folder(self, folder) -> None:
        send()
        assert (folder / "mail").stat().st_mode & 0o077 == 0

    def test_of_a_mail_with_markup_the_words_are_shown(self, folder) -> None:
        message = EmailMultiAlternatives("Hello", "Words", to=["hanna@example.org"])
        message.attach_alternative("<script>alert(1)</script>", "text/html")
        get_connection().send_messages([message])
        [letter] = mailbox.letters()
        assert letter.body.strip() == "Words"

    def test_a_broken_file_hides_no_other(self, folder) -> None:
        send()
        (folder / "mail" / "20270301t080000-0123456789abcdef.eml").write_bytes(
            b"Content-Type: text/plain; charset=nonsense\n\n\xff\xfe"
        )
        (folder / "mail" / "notes.eml").write_text("Subject: not ours\n\n")
        assert [letter.subject for letter in mailbox.letters()] == ["Please review", ""]

    @pytest.mark.parametrize("key", ["", "..", "../accounts", "../../etc/passwd", "notes", "x" * 5000, "a\x00b"])
    def test_no_key_leads_out_of_the_folder(self, folder, key) -> None:
        send()
        (folder / "accounts.eml").write_text("secret")
        with pytest.raises(NotFound):
            mailbox.letter(key)


class TestPages:
    def test_an_empty_box_says_what_will_come(self, client) -> None:
        assert "No mail has been sent yet" in client.get("/demo/mail/").content.decode()

    def test_mail_is_found_by_a_part_of_its_address(self, client) -> None:
        send("To Hanna")
        send("To Petra", to="petra@example.org", identity="<2@here>")
        page = client.get("/demo/mail/", {"to": "PETRA"}).content.decode()
        assert "To Petra" in page
        assert "To Hanna" not in page
        assert "No mail to such an address" in client.get("/demo/mail/", {"to": "nobody"}).content.decode()

    def test_newest_first_and_in_pages(self, client) -> None:
        for number in range(30):
            send(f"Mail {number}", identity=f"<{number}@here>")
        assert len(client.get("/demo/mail/").context["page"]) == 25
        assert len(client.get("/demo/mail/", {"page": "2"}).context["page"]) == 5

    def test_links_can_be_followed_also_after_a_start_on_another_port(self, client, settings) -> None:
        settings.BASE_URL = "http://127.0.0.1:8123"
        send(body="Answer here:\n\nhttp://127.0.0.1:8000/assignments/2/\n\nnot http://127.0.0.1.example.org/")
        [letter] = mailbox.letters()
        page = client.get(f"/demo/mail/{letter.key}/").content.decode()
        assert 'href="http://127.0.0.1:8123/assignments/2/"' in page
        assert "http://127.0.0.1.example.org/" in page

    def test_markup_stays_words(self, client) -> None:
        send("<script>alert(1)</script>", body="<img src=x onerror=alert(1)> javascript:alert(1)")
        [letter] = mailbox.letters()
        page = client.get(f"/demo/mail/{letter.key}/").content.decode()
        assert "<script>alert" not in page
        assert "<img" not in page

    @pytest.mark.parametrize("key", ["nothing", "20270301t080000-0123456789abcdef"])
    def test_an_unknown_mail_is_not_found(self, client, key) -> None:
        assert client.get(f"/demo/mail/{key}/").status_code == 404

    def test_mails_of_one_thread_stand_together_for_each_reader(self, client) -> None:
        for number, (subject, to) in enumerate([("Old", "a"), ("New", "a"), ("Other reader", "b")]):
            headers = {
                "Message-ID": f"<{number}@here>",
                "References": "<root@here>",
                "Date": f"Mon, 01 Mar 2027 09:0{number}:00 +0000",
            }
            message = EmailMessage(subject, "Hello", to=[f"{to}@example.org"], headers=headers)
            get_connection().send_messages([message])
        page = client.get("/demo/mail/")
        assert [each.newest.subject for each in page.context["page"]] == ["Other reader", "New"]
        assert "2 mails" in page.content.decode()
        newest = page.context["page"][1].newest
        assert "Old" in client.get(f"/demo/mail/{newest.key}/").content.decode()

    def test_the_html_part_runs_no_script_and_fetches_nothing(self, client) -> None:
        message = EmailMultiAlternatives("Hello", "Words", to=["hanna@example.org"], headers={"Message-ID": "<1@here>"})
        message.extra_headers["Date"] = "Mon, 01 Mar 2027 09:00:00 +0100"
        message.attach_alternative("<html><head></head><body>Words</body></html>", "text/html")
        get_connection().send_messages([message])
        [letter] = mailbox.letters()
        assert "<iframe" in client.get(f"/demo/mail/{letter.key}/").content.decode()
        answer = client.get(f"/demo/mail/{letter.key}/html/")
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert '<base target="_top">' in answer.content.decode()

    def test_a_mail_without_html_has_no_such_address(self, client) -> None:
        send()
        [letter] = mailbox.letters()
        assert client.get(f"/demo/mail/{letter.key}/html/").status_code == 404
