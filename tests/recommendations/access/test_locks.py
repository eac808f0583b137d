"""Every check is made after the row lock: a save that waited for a transition sees what the transition left."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from ekip.shared.errors import EditConflict, NotNow
from recommendations import access
from recommendations.drafting import services
from tests.recommendations import rows


def saved(proposal, person, words, now):
    """What came of saving the first section at version 1: its version, or the refusal."""
    try:
        section = services.save_section(
            proposal_id=proposal.pk, key="context", person=person, blocks=rows.text(words), version=1, now=now
        )
    except NotNow as refusal:
        return refusal
    finally:
        connection.close()
    return section.version


@pytest.mark.django_db(transaction=True)
def test_a_save_that_waited_for_the_text_to_be_frozen_is_refused_and_not_in_the_revision(proposal, author, now):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            revision = services.freeze_revision(proposal=proposal, person=author, now=now)
            waiting = pool.submit(saved, proposal, author, "Too late.", now)
            time.sleep(0.3)
            assert not waiting.done()
            access.set_openings({proposal.pk: frozenset()})
        refusal = waiting.result(timeout=60)
    assert isinstance(refusal, NotNow)
    assert refusal.context["kept"]["blocks"] == rows.text("Too late.")
    assert revision.content["sections"][0]["blocks"] == []


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_one_is_stored_and_the_others_are_told(proposal, author, now):
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(saved, proposal, author, f"Number {n}.", now) for n in range(4)]
        answers = [answer.result(timeout=60) for answer in waiting]
    told = [answer for answer in answers if isinstance(answer, EditConflict)]
    assert (answers.count(2), len(told)) == (1, 3)
    stored = proposal.sections.get(kind__key="context").blocks
    assert all(answer.context["theirs"].blocks == stored for answer in told)
