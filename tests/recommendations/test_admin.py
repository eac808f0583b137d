"""The administrators' site: state can be looked at, not written."""

import pytest
from django.contrib import admin
from django.urls import reverse

from recommendations import models
from recommendations.drafting import services
from recommendations.models import Cluster, PolicyArea
from recommendations.publishing import issue_notice
from tests import people
from tests.recommendations import rows, shelf

OWN = [model for model in admin.site._registry if model._meta.app_label == "recommendations"]
READ_ONLY = [model for model in OWN if model is not PolicyArea]


@pytest.fixture
def client(sign_in, db):
    return sign_in(people.make_administrator())


@pytest.fixture
def everything(proposal, now):
    """A filled proposal, its revision, the briefing of its area, and a publication with a notice."""
    services.freeze_revision(proposal=rows.fill(proposal, now=now), person=None, now=now)
    models.Briefing.objects.create(area=proposal.area, written_at=now)
    issue_notice(shelf.place(), "correction", "A figure was wrong.", person=None, now=now)


def address(model, view, *args):
    return reverse(f"admin:recommendations_{model._meta.model_name}_{view}", args=args)


def test_every_model_with_a_life_of_its_own_is_registered():
    shown_with_the_edition = {
        models.EditionAuthor,
        models.EditionText,
        models.EditionRecommendation,
        models.EditionEvidence,
        models.EditionDocument,
    }
    shown_with_the_area = {models.Source}
    assert {getattr(models, name) for name in models.__all__ if name != "Level"} == (
        set(OWN) | shown_with_the_edition | shown_with_the_area
    )


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_lists_and_rows_can_be_looked_at(client, everything, model):
    assert client.get(address(model, "changelist")).status_code == 200
    row = model._default_manager.first()
    assert client.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_state_is_neither_added_nor_changed_nor_deleted(client, everything, model):
    row = model._default_manager.first()
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "change", row.pk), {}).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


NO_SOURCES = {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"}


def test_an_area_is_identified_here_and_its_state_cannot_be_set(client, vocabularies, now):
    cluster = Cluster.objects.create(key="crafts-cluster", label="Crafts")
    fields = {"title": "Harbours", "slug": "harbours", "cluster": cluster.pk, "selected_at_0": "2027-03-01"}
    assert client.post(address(PolicyArea, "add"), fields | NO_SOURCES).status_code == 302
    area = PolicyArea.objects.get(slug="harbours")
    assert (area.selected_at, area.declined_at) == (None, None)
    changed = fields | {"title": "Quiet harbours", "slug": "elsewhere"}
    assert client.post(address(PolicyArea, "change", area.pk), changed | NO_SOURCES).status_code == 302
    area.refresh_from_db()
    assert (area.title, area.slug) == ("Quiet harbours", "harbours")


def test_an_area_with_a_proposal_is_not_deleted(client, everything, area):
    assert client.post(address(PolicyArea, "delete", area.pk), {"post": "yes"}).status_code == 403
    assert PolicyArea.objects.filter(pk=area.pk).exists()
