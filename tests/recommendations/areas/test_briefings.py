"""The research briefing of a policy area: written in a draft, published once, changed afterwards; and its pages."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ekip.shared.errors import EditConflict, Invalid, NotAllowed, NotFound, NotNow
from partners.models import RoleGrant
from recommendations.areas.briefings import BriefingDraft, publish_briefing, save_briefing
from recommendations.areas.selectors import published_briefing
from recommendations.models import Briefing
from tests import people
from tests.recommendations import rows

pytestmark = pytest.mark.django_db

QUESTION = "How can R&I policy open harbours to small companies?"
MEGABYTE = "x" * 1_000_000
ADDRESS = "/policy-areas/harbours/briefing/"


@pytest.fixture
def area(vocabularies, now):
    return rows.make_area("Quiet harbours", slug="harbours", selected_at=now)


def draft(words: str = "What is known.", *questions: str) -> BriefingDraft:
    return BriefingDraft(rows.text(words), list(questions or [QUESTION]))


def save(area, person, now, *, version=0, **changes) -> Briefing:
    written = changes.get("draft", draft())
    return save_briefing(area_id=area.pk, person=person, draft=written, version=version, now=now)


def publish(area, person, now) -> Briefing:
    return publish_briefing(area_id=area.pk, person=person, now=now)


def typed(**changes) -> dict[str, object]:
    return {"body": "What is known.", "questions": QUESTION, "version": 0} | changes


def page(client, address, status=200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


class TestSaving:
    def test_a_draft_may_be_empty(self, area, coordinator, now):
        briefing = save(area, coordinator, now, draft=BriefingDraft([], []))
        assert (briefing.version, briefing.written_by, briefing.published_at) == (1, coordinator, None)
        assert published_briefing(area) is None

    def test_questions_keep_their_order_and_lose_empty_lines(self, area, coordinator, now):
        briefing = save(area, coordinator, now, draft=draft("Words.", "  Second   one?", "", "First?"))
        assert briefing.questions == ["Second one?", "First?"]

    @pytest.mark.parametrize(
        ("written", "field"),
        [
            (draft("Words.", *[f"Question {n}?" for n in range(6)]), "questions"),
            (draft("Words.", "x" * 301), "questions"),
            (draft("Words.", MEGABYTE), "questions"),
            (draft("Words.", 7), "questions"),
            (BriefingDraft([{"kind": "script"}], []), "blocks"),
            (BriefingDraft("<script>alert(1)</script>", []), "blocks"),
            (BriefingDraft(rows.text(MEGABYTE)[:1] * 2, []), "blocks"),
        ],
    )
    def test_what_breaks_a_rule_is_named_and_kept(self, area, coordinator, now, written, field):
        with pytest.raises(Invalid) as refusal:
            save(area, coordinator, now, draft=written)
        assert list(refusal.value.errors) == [field]
        assert refusal.value.code
        assert refusal.value.context["kept"]["questions"] == written.questions
        assert not Briefing.objects.exists()

    def test_who_saves_second_is_told_and_nothing_is_lost(self, area, coordinator, now):
        here = people.make_person("Lena Deputy")
        people.grant(here, RoleGrant.Role.DEPUTY, scope="area:harbours")
        save(area, coordinator, now)
        with pytest.raises(EditConflict) as conflict:
            save(area, here, now, draft=draft("Other words."))
        assert conflict.value.context["theirs"].written_by == coordinator
        assert conflict.value.context["kept"]["blocks"] == draft("Other words.").blocks
        assert save(area, here, now, version=1, draft=draft("Other words.")).version == 2

    def test_only_who_keeps_the_area_writes_and_publishes(self, area, coordinator, author, decider, now):
        elsewhere = people.make_person()
        people.grant(elsewhere, RoleGrant.Role.COORDINATOR, scope="area:another")
        save(area, coordinator, now)
        for person in (author, decider, elsewhere):
            with pytest.raises(NotAllowed):
                save(area, person, now, version=1)
            with pytest.raises(NotAllowed):
                publish(area, person, now)
        with pytest.raises(NotFound):
            publish_briefing(area_id=0, person=coordinator, now=now)


class TestPublishing:
    def test_it_is_published_once(self, area, coordinator, now):
        save(area, coordinator, now)
        publish(area, coordinator, now)
        publish(area, coordinator, now + timedelta(days=1))
        assert published_briefing(area).published_at == now

    @pytest.mark.parametrize(
        ("written", "fields"),
        [
            (None, ["blocks", "questions"]),
            (BriefingDraft([], [QUESTION]), ["blocks"]),
            (BriefingDraft(rows.text("Words."), [" "]), ["questions"]),
        ],
    )
    def test_it_needs_a_text_and_a_question(self, area, coordinator, now, written, fields):
        if written:
            save(area, coordinator, now, draft=written)
        with pytest.raises(Invalid) as refusal:
            publish(area, coordinator, now)
        assert (list(refusal.value.errors), refusal.value.code) == (fields, "field-empty")

    def test_the_area_has_been_selected(self, area, coordinator, now):
        area.selected_at = None
        area.save()
        save(area, coordinator, now)
        with pytest.raises(NotNow) as refusal:
            publish(area, coordinator, now)
        assert refusal.value.code == "area-not-selected"

    def test_later_savings_change_what_everybody_reads_and_it_stays_complete(self, area, coordinator, now):
        save(area, coordinator, now)
        publish(area, coordinator, now)
        later = now + timedelta(days=1)
        with pytest.raises(Invalid):
            save(area, coordinator, later, version=1, draft=BriefingDraft([], []))
        save(area, coordinator, later, version=1, draft=draft("Known since."))
        assert published_briefing(area).written_at == later

    def test_the_database_holds_no_empty_published_one(self, area, now):
        with pytest.raises(IntegrityError), transaction.atomic():
            Briefing.objects.create(area=area, blocks=[], questions=[QUESTION], written_at=now, published_at=now)

    def test_what_an_example_person_wrote_is_marked(self, area, coordinator, now):
        coordinator.is_example = True
        assert save(area, coordinator, now).is_example


class TestPages:
    @pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}publish/"])
    def test_they_are_for_who_keeps_the_area(self, area, sign_in, author, outsider, address):
        assert Client().get(address).status_code == 302
        for person in (author, outsider):
            assert sign_in(person).get(address).status_code == 403
            assert sign_in(person).post(address, typed()).status_code == 403
        assert not Briefing.objects.exists()

    def test_an_area_without_one_says_what_comes_next(self, area, sign_in, coordinator):
        assert "No briefing has been published yet" in page(Client(), "/policy-areas/harbours/")
        assert ADDRESS in page(sign_in(coordinator), "/policy-areas/harbours/")
        assert ADDRESS not in page(Client(), "/policy-areas/harbours/")

    def test_it_is_written_looked_at_and_published(self, area, sign_in, coordinator):
        client = sign_in(coordinator)
        fields = typed(body="<h2>One</h2><p>What <strong>we</strong> know.</p>", questions=f"{QUESTION}\r\n\r\nMore?")
        assert client.post(ADDRESS, fields)["Location"] == "/policy-areas/harbours/"
        assert "This is a draft" in page(client, "/policy-areas/harbours/")
        assert QUESTION.split("&")[1] not in page(Client(), "/policy-areas/harbours/")
        assert "What will happen" in page(client, f"{ADDRESS}publish/")
        for _time in range(2):
            assert client.post(f"{ADDRESS}publish/").status_code == 302
        shown = page(Client(), "/policy-areas/harbours/")
        assert "<strong>we</strong>" in shown
        assert "<h4" in shown
        assert '<ol lang="en"><li>How can R&amp;I policy open harbours' in shown
        assert "This is a draft" not in shown

    def test_the_same_form_sent_twice_is_saved_once(self, area, sign_in, coordinator):
        client = sign_in(coordinator)
        assert [client.post(ADDRESS, typed()).status_code for _time in range(2)] == [302, 302]
        assert Briefing.objects.get().version == 1

    def test_two_who_save_both_see_both_texts(self, area, sign_in, coordinator):
        client = sign_in(coordinator)
        client.post(ADDRESS, typed())
        answer = client.post(ADDRESS, typed(body="Other words.", questions="Mine?"))
        shown = answer.content.decode()
        assert answer.status_code == 409
        for words in ("What is known.", "Other words.", "Mine?", "open harbours"):
            assert words in shown
        mine = {"body": "Other words.", "questions": "Mine?", "version": answer.context["form"]["version"].value()}
        assert client.post(ADDRESS, mine).status_code == 302
        assert Briefing.objects.get().questions == ["Mine?"]

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"questions": "x" * 301}, "At most 300 characters"),
            ({"questions": "\n".join(f"Question {n}?" for n in range(6))}, "At most 5 questions; these are 6."),
            ({"body": MEGABYTE + "x"}, "too long"),
            ({"body": MEGABYTE}, "too long"),
            ({"version": "x"}, "whole number"),
        ],
    )
    def test_a_faulty_one_comes_back_with_every_word(self, area, sign_in, coordinator, fields, words):
        answer = sign_in(coordinator).post(ADDRESS, typed(**fields))
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert words in shown
        for each in (fields.get("questions", QUESTION), fields.get("body", "What is known.")):
            assert each.split("&")[0].splitlines()[0] in shown
        assert not Briefing.objects.exists()

    def test_scripts_and_markup_are_shown_or_dropped_and_never_run(self, area, sign_in, coordinator, now):
        client = sign_in(coordinator)
        client.post(ADDRESS, typed(body="<p>Words<script>alert(1)</script></p>", questions="<b>Bold</b>?"))
        client.post(f"{ADDRESS}publish/")
        shown = page(Client(), "/policy-areas/harbours/")
        assert "alert(1)" not in shown
        assert "&lt;b&gt;Bold&lt;/b&gt;?" in shown

    def test_an_unfinished_one_is_not_published(self, area, sign_in, coordinator):
        client = sign_in(coordinator)
        client.post(ADDRESS, typed(questions=""))
        assert f"{ADDRESS}publish/" not in page(client, "/policy-areas/harbours/")
        answer = client.post(f"{ADDRESS}publish/")
        assert answer.status_code == 422
        assert "Ask at least one guiding question." in answer.content.decode()

    def test_a_long_one_is_folded_and_says_when_it_was_changed(self, area, coordinator, now):
        save(area, coordinator, now, draft=draft("word " * 400))
        publish(area, coordinator, now)
        save(area, coordinator, now + timedelta(days=3), version=1, draft=draft("word " * 401))
        shown = page(Client(), "/policy-areas/harbours/")
        assert "Read the briefing" in shown
        assert "1 March 2027" in shown
        assert "4 March 2027" in shown

    def test_a_briefing_costs_the_page_no_query(self, area, coordinator, now):
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                Client().get("/policy-areas/harbours/")
            return len(queries)

        before = cost()
        save(area, coordinator, now)
        publish(area, coordinator, now)
        assert cost() == before
