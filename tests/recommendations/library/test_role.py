"""The anonymous library and the API are served by a database role that may only read published things."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from partners.models import Organisation, User
from recommendations import models as rows
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db

# What the role may read: the library, the vocabularies, the register, and the bodies that stand as authors. A briefing
# that is not published yet stands in the table of those that are.
READABLE = (
    rows.Publication,
    rows.Edition,
    rows.EditionAuthor,
    rows.EditionText,
    rows.EditionRecommendation,
    rows.EditionEvidence,
    rows.EditionDocument,
    rows.Notice,
    rows.Cluster,
    rows.BuildingBlock,
    rows.TargetActor,
    rows.PolicyArea,
    rows.Source,
    rows.Briefing,
    Organisation,
)

ADDRESSES = (
    "/library/",
    "/library/?q=quiet&level=local&sort=title",
    "/library/quiet-harbours/",
    "/library/quiet-harbours/editions/1/",
    "/library/quiet-harbours/editions/2/changes/",
    "/library/withdrawn/",
    "/api/v1/",
    "/api/v1/schema/",
    "/api/v1/publications/",
    "/api/v1/publications/?q=quiet&area=crafts&ordering=title",
    "/api/v1/publications/quiet-harbours/",
    "/api/v1/publications/withdrawn/",
    "/api/v1/editions/quiet-harbours.1/",
    "/api/v1/recommendations/?level=local",
    "/api/v1/recommendations/quiet-harbours.r1/",
    "/api/v1/policy-areas/",
    "/api/v1/building-blocks/",
    "/api/v1/clusters/",
    "/api/v1/target-actors/",
    "/api/v1/organisations/",
)


@contextmanager
def reading_role() -> Iterator[None]:
    """Within the block the connection acts as a role that may SELECT from the readable tables and nothing else."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in READABLE)
    role = connection.ops.quote_name(f"reader_of_{connection.settings_dict['NAME']}"[:63])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} NOLOGIN")  # undone with the test's transaction
        cursor.execute(f"GRANT SELECT ON {tables} TO {role}")
        cursor.execute(f"SET LOCAL ROLE {role}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture
def shelves():
    shelf.place()
    shelf.place(title="Second")
    shelf.say(shelf.place("withdrawn"), "withdrawal")


def test_reading_needs_no_more_than_select(shelves):
    with reading_role():
        for address in ADDRESSES:
            assert Client().get(address).status_code == 200, address


def test_register_and_building_blocks_need_no_more_either(shelves):
    with reading_role():
        for name, arguments in (("areas", ["crafts"]), ("blocks", ["skills"])):
            assert Client().get(reverse(f"{name}:list")).status_code == 200
            assert Client().get(reverse(f"{name}:detail", args=arguments)).status_code == 200


def test_immutable_body_needs_no_more(shelves):
    content_hash = rows.EditionDocument.objects.first().content_hash
    with reading_role():
        assert Client().get(f"/api/v1/editions/quiet-harbours.1/body/{content_hash}/").status_code == 200


@pytest.mark.parametrize("model", [User, rows.Proposal, rows.Revision, rows.Grant])
def test_role_cannot_read_people_or_drafts(db, model):
    with reading_role(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.exists()
