"""What there is to see: the demonstration, and beside it proposals, editions and accounts in every other state."""

import re
from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core import mail

from ekip.shared import clock
from engine.models import Assignment, ProcessVersion, Round, RunGathering
from engine.services import submission
from engine.services.checkpoints import make_checkpoint
from engine.services.consultations import take_part
from engine.services.definitions import publish_definition
from engine.services.drafts import copy_version, save_draft
from engine.services.mail_texts import save_mail_text
from engine.services.pauses import pause_runs
from engine.services.versions import withdraw_version
from partners.models import Absence, Delivery, Membership, Organisation, User
from partners.services import invitations
from partners.unsubscribing import token_for
from recommendations.areas.briefings import BriefingDraft, save_briefing
from recommendations.areas.services import decline_area
from recommendations.models import Edition, Notice, PolicyArea, Proposal, Publication, Source
from recommendations.publishing import redact_edition
from tests.browser.site import Site
from tests.engine.processes import consulting, deciding, drafting, ended, publish_process, revising
from tests.engine.stories import Story, make_area
from tests.people import make_person
from tests.recommendations import rows, shelf

Names = dict[str, object]


def example_person(key: str) -> User:
    """An example person of the demonstration, by given name."""
    return User.objects.get(is_example=True, email__startswith=f"{key}.")


def make_world(site: Site) -> Names:
    """Fill the database; the answer gives, by name, the parts of addresses that only the database knows."""
    site.manage("load_reference")
    site.manage("load_demo")
    told = {**_accounts(), **_demonstration(), **_stories(), **_processes(), **_library(), **_register(), **_mail(site)}
    told |= _consultations() | _reach()
    make_checkpoint(now=clock.now())
    return told


def _demonstration() -> Names:
    now = clock.now()
    published, revised, reviewed = (
        Proposal.objects.get(area__slug=slug) for slug in ("immersive-media", "inclusive-games", "ai-and-cci")
    )
    handed_in = Assignment.objects.filter(reviewer=example_person("giulia"), round__visit__run__proposal=published)
    waiting = Assignment.objects.filter(round__visit__run__proposal=reviewed)
    invitations.invite(
        organisation=Organisation.objects.get(slug="example-city"),
        email="nora.newcomer@example.org",
        role=Membership.Role.DRAFTER,
        by=example_person("elina"),
        now=now,
    )
    return {
        "published": published.pk,
        "publication": Publication.objects.get(area=published.area).slug,
        "revised": revised.pk,
        "reviewed": reviewed.pk,
        "reviewed-run": reviewed.run.pk,
        "corrected": Publication.objects.get(area__slug="heritage-innovation").slug,
        "open-round": Round.objects.get(visit__run__proposal=reviewed, kind="review").pk,
        "open-test": Round.objects.get(visit__run__proposal=reviewed, kind="city-test").pk,
        "closed-round": Round.objects.get(visit__run__proposal=revised, kind="review").pk,
        "testing": waiting.get(reviewer=example_person("anouk")).pk,
        "invited": waiting.get(reviewer=example_person("tomas")).pk,
        "reviewing": waiting.get(reviewer=example_person("giulia")).pk,
        "handed-in": handed_in.get().pk,
        "gathering": RunGathering.objects.filter(run__proposal=reviewed)[0].gathering_id,
        "token": re.search(r"/invitation/([^/\s]+)/", mail.outbox[-1].body)[1],
        "membership": Membership.objects.get(person=example_person("hanna")).pk,
    }


def _stories() -> Names:
    """Proposals at the stages that the demonstration has passed, each told by the real services."""
    fresh = _story("Rooms that wait for nobody").start()
    draft = _story("Shared means for small companies").start().write()
    submitted = _story("A workshop in every quarter").start().write().submit()
    deciding = _story("Tools that travel between towns").in_decision()
    for title, step in {"A note to throw away": submission.delete, "Put aside": submission.archive}.items():
        story = _story(title).start()
        step(proposal_id=story.proposal.pk, person=story.author, now=clock.now())
    paused = _story("Lanterns for the winter").in_review()
    pause_runs(run_ids=[paused.run.pk], person=paused.coordinator, reason="The streets are dug up.", now=paused.now)
    waiting = _story("A stage for every square").start(_unbriefed_area())
    PolicyArea.objects.filter(slug="shared-means").update(title="Shared means of small companies", is_example=True)
    return {
        "fresh": fresh.proposal.pk,
        "draft": draft.proposal.pk,
        "draft-run": draft.run.pk,
        "recommendation": draft.proposal.recommendations.get().key,
        "evidence": draft.proposal.evidence.get().key,
        "author": draft.author.pk,
        "submitted": submitted.proposal.pk,
        "waiting": waiting.proposal.pk,
        "paused": paused.proposal.pk,
        "paused-round": paused.visit.rounds.get().pk,
        "deciding-visit": deciding.visit.pk,
        "deciding": deciding.proposal.pk,
    }


def _unbriefed_area() -> PolicyArea:
    """A selected area whose briefing is a draft."""
    now = clock.now() - timedelta(days=60)
    area = make_area("example-squares", briefed=False, now=now)
    PolicyArea.objects.filter(pk=area.pk).update(title="Squares as stages", is_example=True)
    draft = BriefingDraft(rows.text("Squares stand empty for most of the week."), ["How can R&I policy open squares?"])
    save_briefing(area_id=area.pk, person=example_person("sofia"), draft=draft, version=0, now=now)
    return area


def _consultations() -> Names:
    """A process of its own, and proposals before, in and after their consultation."""
    stages = consulting("revising"), revising("deciding"), deciding("closed"), ended()
    version = publish_process(drafting("consulting"), *stages, now=clock.now())
    waiting, open_now, closed = (
        _story(title, version.pk).start().write().submit()
        for title in ("A map of quiet rooms", "A common booking of rooms", "A key for every room")
    )
    for story in (open_now, closed):
        round = story.open_consultation(days=80 if story is open_now else 14)
        take_part(round_id=round.pk, person=example_person("giulia"), now=story.now)
        story.hand_in(round.assignments.get(), "Name the rooms.", advice="", scores={})
    round = open_now.run.visits.get(left_at=None).rounds.get()
    contributing = take_part(round_id=round.pk, person=example_person("tomas"), now=open_now.now)
    closed.pass_time(days=14)
    return {
        "to-consult": waiting.proposal.pk,
        "consultation": round.pk,
        "consulted": Round.objects.get(visit__run=closed.run).pk,
        "contributing": contributing.pk,
        "contributed": round.assignments.get(reviewer=example_person("giulia")).pk,
    }


def _story(title: str, version_id: int | None = None) -> Story:
    return Story(
        author=example_person("hanna"),
        organisation=Organisation.objects.get(slug="example-city"),
        coordinator=example_person("sofia"),
        reviewers=[example_person("giulia"), example_person("tomas")],
        now=clock.now() - timedelta(days=60),
        title=title,
        version_id=version_id,
    )


def _processes() -> Names:
    """A version that was withdrawn, a draft of the next one, and one with faults."""
    now, person = clock.now(), example_person("sofia")
    first = ProcessVersion.objects.get(definition__key="ekip-engine", number=1)
    longer, _is_new = publish_definition(first.text.replace("P28D", "P35D"), person=person, now=now)
    withdraw_version(version_id=longer.pk, person=person, reason="Five weeks were too long.", now=now)
    drafts = [copy_version(version_id=first.pk, person=person, key=key, now=now) for key in ("ekip-engine", "faulty")]
    texts = [each.text.replace("quorum: 2", "quorum: 3") for each in drafts]
    texts[1] = texts[1].replace("to: revision", "to: nowhere").replace("period: P21D", "period: three weeks")
    for draft, text in zip(drafts, texts, strict=True):
        save_draft(draft_id=draft.pk, person=person, text=text, version=1, now=now)
    words = {"kind": "published", "language": "sv", "subject": "“{title}” är publicerad", "body": "Utgåva {edition}."}
    save_mail_text(definition_key="ekip-engine", version=0, person=person, now=now, **words)
    return {"process-draft": drafts[0].pk, "faulty-draft": drafts[1].pk}


def _library() -> Names:
    """Editions of every standing."""
    now = clock.now()
    _edition("quiet-harbours", "Quiet harbours")
    _edition("quiet-harbours", "Quiet harbours")
    shelf.say(_edition("open-archives", "Open archives"), Notice.Kind.CORRECTION)
    withdrawn = _edition("night-markets", "Night markets")
    shelf.say(withdrawn, Notice.Kind.WITHDRAWAL, "The survey behind it could not be repeated.")
    removed = _edition("river-stages", "River stages")
    redact_edition(removed, person=example_person("katrin"), reason="It named a person who had not agreed.", now=now)
    return {}


def _edition(slug: str, title: str) -> Edition:
    return shelf.place(
        slug,
        title=title,
        area_slug="music-platformisation",
        building_blocks=["skills-competences"],
        target_actors=["funder-investor"],
        at=clock.now(),
    )


def _register() -> Names:
    """A policy area that was declined, and a source that can be removed."""
    source = Source.objects.filter(area__slug="example-repair-culture")[0]
    declined = PolicyArea.objects.create(
        slug="example-declined", title="Cinema under water", cluster=source.area.cluster, is_example=True
    )
    decline_area(
        area_id=declined.pk, person=example_person("sofia"), reason="Too few people would use it.", now=clock.now()
    )
    return {"source": source.pk}


def _accounts() -> Names:
    """Somebody with every second factor, somebody without any, and the links that mail carries."""
    # Outside the demonstration the services demand a second factor of those who hold a role grant.
    for key in ("sofia", "lukas", "katrin"):
        TOTP.activate(example_person(key), generate_totp_secret())
    guarded = make_person("Gerda Guarded", email="gerda.guarded@example.org", is_example=True)
    TOTP.activate(guarded, generate_totp_secret())
    RecoveryCodes.activate(guarded)
    key = WebAuthn.add(guarded, "Blue key", {})
    plain = make_person("Piet Plain", email="piet.plain@example.org", is_example=True)
    newcomer = make_person("Nina Newcomer", email="nina.newcomer@example.org", is_example=True)
    unconfirmed = EmailAddress.objects.create(user=newcomer, email="nina.later@example.org")
    return {
        "key": key.instance.pk,
        "confirmation": EmailConfirmationHMAC(unconfirmed).key,
        "reset": f"{user_pk_to_url_str(plain)}-{default_token_generator.make_token(plain)}",
    }


def _mail(site: Site) -> Names:
    """A mail that the demonstration has sent."""
    return {"letter": max((site.folder / "mail").iterdir()).stem}


def _reach() -> Names:
    """An absence, mail that did not arrive, and the way out of a mail."""
    hanna, day = example_person("hanna"), clock.now().date()
    Absence.objects.create(person=hanna, first_day=day, last_day=day + timedelta(days=12))
    lost = Delivery.objects.filter(channel=Delivery.Channel.MAIL).order_by("pk")
    for state, reason, some in (
        (Delivery.State.DEAD, "SMTPRecipientsRefused: 550 5.1.1 no such person", lost[:3]),
        (Delivery.State.WAITING, "TimeoutError: timed out", lost[3:5]),
    ):
        Delivery.objects.filter(pk__in=some.values("pk")).update(state=state, attempts=2, last_error=reason)
    return {"unsubscribe": token_for(hanna.pk, "course")}
