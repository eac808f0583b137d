"""Every page of the site, who visits it, and in which state. Words in braces are names of `world.make_world`."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter

from playwright.sync_api import Page as Tab


@dataclass(frozen=True)
class Page:
    """One page in one state: its address, who visits it ("" is anybody), the status with which it answers."""

    address: str
    who: str = ""
    status: int = 200
    state: str = ""
    """A word for the state, where a page is visited in more than one."""
    does: Callable[[Tab], bytes | None] | None = None
    """What the visitor does there first; the answer is the HTML of the page that this leads to, if it leads to one."""

    @property
    def name(self) -> str:
        """A file name that tells the page."""
        words = self.address.strip("/").replace("/", ".").replace("{", "").replace("}", "").replace("?", ".")
        return "-".join(part for part in (words or "home", self.state, self.who) if part)

    def at(self, names: dict[str, object]) -> str:
        """The address in this world."""
        return Formatter().vformat(self.address, (), names)


def press(label: str) -> Callable[[Tab], bytes]:
    """Press a button, and look at the page that answers."""

    def act(tab: Tab) -> bytes:
        with tab.expect_navigation() as answer:
            tab.get_by_role("button", name=label, exact=True).click()
        return answer.value.body()

    return act


def save_what_is_stale(tab: Tab) -> bytes:
    """Save a text of one's own as if it rested on what somebody has saved over."""
    tab.locator("[name=version]").evaluate("field => { field.value = 0; }")
    tab.get_by_label("The process as text").press_sequentially("# mine ")
    return press("Save")(tab)


def unfold_menu(tab: Tab) -> None:
    """Open the menu of a narrow screen."""
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.get_by_text("Menu", exact=True).click()


def ask_too_many(tab: Tab) -> bytes:
    """Ask more guiding questions than a briefing has."""
    tab.get_by_label("Guiding questions").fill("\n".join(f"How {n}?" for n in range(6)))
    return press("Save the briefing")(tab)


def write_no_placeholder(tab: Tab) -> bytes:
    """Use a placeholder that there is none of."""
    tab.get_by_label("Text", exact=True).fill("About {titel}")
    return press("Save and send it so")(tab)


def save_mail_late(tab: Tab) -> bytes:
    """Change words of mail that somebody has saved meanwhile."""
    return save_late("Subject", "Save and send it so")(tab)


def save_late(label: str, button: str) -> Callable[[Tab], bytes]:
    """Change a text that rests on an earlier save than the last."""

    def act(tab: Tab) -> bytes:
        tab.locator("main [name=version]").evaluate("field => { field.value = 0 }")
        tab.get_by_label(label).fill("Something else")
        return press(button)(tab)

    return act


def look_at_a_week_more(tab: Tab) -> bytes:
    """See what a week more would mean for the chosen proposals."""
    tab.get_by_label("By how many days").fill("7")
    tab.get_by_label("Reason").fill("The summer was short.")
    return press("Show what will happen")(tab)


def give_reason(button: str) -> Callable[[Tab], bytes]:
    """Write a reason, and look at the page that asks once more."""

    def act(tab: Tab) -> bytes:
        tab.get_by_label("Reason").fill("Two reviewers fell ill.")
        return press(button)(tab)

    return act


PUBLIC = [
    Page("/"),
    Page("/", state="menu", does=unfold_menu),
    Page("/library/"),
    Page("/library/?q=craft&level=local&kind=nonsense", state="chosen"),
    Page("/library/?q=nothingatall", state="empty"),
    Page("/library/crafts-led-innovation/"),
    Page("/library/digital-product-passport-in-fashion/"),
    Page("/library/{publication}/"),
    Page("/library/{corrected}/", state="corrects"),
    Page("/library/{corrected}/editions/2/changes/"),
    Page("/library/quiet-harbours/"),
    Page("/library/quiet-harbours/editions/1/", state="superseded"),
    Page("/library/open-archives/", state="corrected"),
    Page("/library/night-markets/", state="withdrawn"),
    Page("/library/night-markets/editions/1/", state="withdrawn"),
    Page("/library/river-stages/", state="removed", status=410),
    Page("/policy-areas/"),
    Page("/policy-areas/?state=declined", state="declined"),
    Page("/policy-areas/ai-and-cci/"),
    Page("/policy-areas/crafts-led-innovation/"),
    Page("/policy-areas/example-declined/"),
    Page("/policy-areas/example-squares/", state="unbriefed"),
    Page("/building-blocks/"),
    Page("/building-blocks/skills-competences/"),
    Page("/building-blocks/social-dimension/"),
    Page("/organisations/"),
    Page("/organisations/example-city/"),
    Page("/ecosystems/mind/"),
    Page("/ecosystems/example-quarter/"),
    Page("/territories/lund/"),
    Page("/process/"),
    Page("/records/"),
    Page("/records/{publication}/"),
    Page("/records/no-such-publication/", status=404),
    Page("/consultations/"),
    Page("/consultations/{consultation}/"),
    Page("/consultations/{consulted}/", state="closed"),
    Page("/proposals/{to-consult}/text/"),
    Page("/processes/"),
    Page("/processes/ekip-engine/1/"),
    Page("/processes/ekip-engine/2/", state="withdrawn"),
    Page("/processes/strict/1/", state="not-yet"),
    Page("/processes/ekip-engine/99/", status=404),
    Page("/imprint/"),
    Page("/privacy/"),
    Page("/accessibility/"),
    Page("/no/such/page/", status=404),
    Page("/demo/sign-in/"),
    Page("/demo/mail/"),
    Page("/demo/mail/{letter}/"),
    Page("/demo/mail/{letter}/html/"),
    Page("/invitation/{token}/"),
    Page("/invitation/{token}/", state="empty", does=press("Create the account and join")),
    Page("/invitation/unknown/", status=404),
]
ACCOUNT = [
    Page("/account/login/"),
    Page("/account/login/", state="empty", does=press("Sign in")),
    Page("/account/signup/"),
    Page("/account/signup/", state="empty", does=press("Create the account")),
    Page("/account/logout/", "anouk"),
    Page("/account/inactive/"),
    Page("/account/reauthenticate/", "gerda"),
    Page("/account/email/", "piet"),
    Page("/account/confirm-email/"),
    Page("/account/confirm-email/{confirmation}/"),
    Page("/account/confirm-email/wrong/"),
    Page("/account/password/change/", "gerda"),
    Page("/account/password/set/", "piet"),
    Page("/account/password/reset/"),
    Page("/account/password/reset/done/"),
    Page("/account/password/reset/key/{reset}/"),
    Page("/account/password/reset/key/1-wrong/"),
    Page("/account/password/reset/key/done/"),
    Page("/account/2fa/", "piet", state="none"),
    Page("/account/2fa/", "gerda"),
    Page("/account/2fa/reauthenticate/", "gerda"),
    Page("/account/2fa/totp/activate/", "piet"),
    Page("/account/2fa/totp/deactivate/", "gerda"),
    Page("/account/2fa/recovery-codes/", "gerda"),
    Page("/account/2fa/recovery-codes/generate/", "gerda"),
    Page("/account/2fa/webauthn/", "gerda"),
    Page("/account/2fa/webauthn/add/", "piet"),
    Page("/account/2fa/webauthn/keys/{key}/edit/", "gerda"),
    Page("/account/2fa/webauthn/keys/{key}/remove/", "gerda"),
    Page("/account/sessions/", "gerda"),
]
AUTHOR = [
    Page("/desk/", "hanna"),
    Page("/proposals/", "hanna"),
    Page("/proposals/?state=archived", "hanna"),
    Page("/proposals/?state=deleted", "hanna"),
    Page("/proposals/", "anouk", state="empty"),
    Page("/proposals/new/", "hanna"),
    Page("/proposals/new/", "hanna", state="empty", does=press("Start the proposal")),
    Page("/proposals/new/", "anouk", state="cannot"),
    Page("/proposals/{fresh}/", "hanna", state="fresh"),
    Page("/proposals/{waiting}/", "hanna", state="waiting"),
    Page("/proposals/{draft}/", "hanna"),
    Page("/proposals/{draft}/?panel=co-authors", "hanna"),
    Page("/proposals/{draft}/?panel=rounds", "hanna"),
    Page("/proposals/{draft}/?panel=history", "hanna"),
    Page("/proposals/{draft}/history/", "hanna"),
    Page("/proposals/{draft}/record/", "hanna", state="public"),
    Page("/proposals/{draft}/details/", "hanna"),
    Page("/proposals/{draft}/sections/context/", "hanna"),
    Page("/proposals/{draft}/recommendation/new/", "hanna"),
    Page("/proposals/{draft}/recommendation/new/", "hanna", state="empty", does=press("Add the recommendation")),
    Page("/proposals/{draft}/recommendations/{recommendation}/", "hanna"),
    Page("/proposals/{draft}/recommendations/{recommendation}/delete/", "hanna"),
    Page("/proposals/{draft}/evidence/new/", "hanna"),
    Page("/proposals/{draft}/evidence/{evidence}/delete/", "hanna"),
    Page("/proposals/{draft}/co-authors/", "hanna"),
    Page("/proposals/{draft}/co-authors/{author}/remove/", "hanna"),
    Page("/proposals/{draft}/submit/", "hanna"),
    Page("/proposals/{fresh}/submit/", "hanna", state="incomplete"),
    Page("/proposals/{draft}/delete/", "hanna"),
    Page("/proposals/{draft}/archive/", "hanna"),
    Page("/proposals/{submitted}/", "hanna", state="submitted"),
    Page("/proposals/{submitted}/withdraw/", "hanna"),
    Page("/proposals/{submitted}/withdraw/", "hanna", state="empty", does=press("Withdraw the submission")),
    Page("/proposals/{submitted}/details/", "hanna", state="frozen", status=409),
    Page("/proposals/{revised}/", "petra", state="revision"),
    Page("/proposals/{revised}/points/", "petra"),
    Page("/proposals/{revised}/responses/", "petra"),
    Page("/rounds/{closed-round}/", "petra"),
    Page("/proposals/{revised}/points/?show=open", "petra"),
    Page("/proposals/{published}/", "oskar", state="published"),
    Page("/proposals/{draft}/", "anouk", state="foreign", status=404),
    Page("/desk/", "petra"),
    Page("/desk/", "anouk", state="empty"),
]
REVIEWER = [
    Page("/desk/", "tomas"),
    Page("/assignments/{invited}/", "tomas"),
    Page("/assignments/{reviewing}/review/", "giulia"),
    Page("/assignments/{reviewing}/review/", "giulia", state="empty", does=press("Hand in the review")),
    Page("/assignments/{handed-in}/review/", "giulia", state="done"),
]
CONTRIBUTOR = [
    Page("/consultations/{consultation}/", "anouk", state="invites"),
    Page("/consultations/{consultation}/", "hanna", state="barred"),
    Page("/consultations/{consultation}/", "giulia", state="done"),
    Page("/assignments/{contributing}/review/", "tomas", state="contribution"),
    Page("/assignments/{contributing}/review/", "tomas", state="empty", does=press("Hand in the contribution")),
    Page("/assignments/{contributed}/review/", "giulia", state="contribution"),
]
CITY = [
    Page("/assignments/{testing}/", "anouk"),
    Page("/assignments/{testing}/case/", "anouk"),
    Page("/assignments/{testing}/case/", "anouk", state="empty", does=press("Hand in the case")),
]
COORDINATOR = [
    Page("/desk/", "sofia"),
    Page("/board/", "sofia"),
    Page("/board/?view=columns", "sofia", state="columns"),
    Page("/board/?q=nothingatall", "sofia", state="nothing"),
    Page("/board/", "hanna", state="foreign", status=403),
    Page("/board/remind/?run={reviewed-run}&run={draft-run}", "sofia"),
    Page("/board/extend/?run={reviewed-run}&run={draft-run}", "sofia"),
    Page(
        "/board/extend/?run={reviewed-run}",
        "sofia",
        state="empty",
        does=press("Show what will happen"),
    ),
    Page("/board/extend/?run={reviewed-run}&run={draft-run}", "sofia", state="preview", does=look_at_a_week_more),
    Page("/board/invite/?run={reviewed-run}&run={draft-run}", "sofia"),
    Page("/board/invite/?run={reviewed-run}", "sofia", state="empty", does=press("Show what will happen")),
    Page("/board/done/", "sofia", state="later"),
    Page("/rounds/{open-round}/invite/", "sofia"),
    Page("/rounds/{open-round}/invite/", "sofia", state="empty", does=press("Invite them")),
    Page("/proposals/?state=overseen", "sofia"),
    Page("/proposals/{reviewed}/", "sofia"),
    Page("/proposals/{submitted}/rounds/new/", "sofia"),
    Page("/proposals/{submitted}/rounds/new/", "sofia", state="empty", does=press("Open the round and invite them")),
    Page("/proposals/{to-consult}/rounds/new/", "sofia", state="consultation"),
    Page("/rounds/{consultation}/", "sofia", state="consultation"),
    Page("/rounds/{consulted}/", "sofia", state="consulted"),
    Page("/rounds/{open-round}/", "sofia"),
    Page("/rounds/{open-round}/remind/", "sofia"),
    Page("/assignments/{invited}/remove/", "sofia"),
    Page("/rounds/{open-test}/", "sofia"),
    Page("/assignments/{reviewing}/remove/", "sofia"),
    Page("/proposals/{reviewed}/send-back/", "sofia"),
    Page("/rounds/{open-round}/extend/", "sofia"),
    Page("/rounds/{open-round}/extend/", "sofia", state="empty", does=press("Go on")),
    Page("/rounds/{open-round}/extend/", "sofia", state="confirm", does=give_reason("Go on")),
    Page("/rounds/{open-round}/close/", "sofia"),
    Page("/rounds/{closed-round}/close/", "sofia", state="closed", status=409),
    Page("/visits/{deciding-visit}/extend/", "sofia"),
    Page("/proposals/{reviewed}/pause/", "sofia"),
    Page("/proposals/{reviewed}/pause/", "sofia", state="empty", does=press("Pause it")),
    Page("/proposals/{paused}/", "sofia", state="paused"),
    Page("/proposals/{paused}/", "hanna", state="paused"),
    Page("/proposals/{paused}/resume/", "sofia"),
    Page("/rounds/{paused-round}/", "sofia", state="paused"),
    Page("/proposals/{submitted}/gatherings/new/", "sofia"),
    Page("/proposals/{submitted}/gatherings/new/", "sofia", state="empty", does=press("Record the gathering")),
    Page("/proposals/{reviewed}/gatherings/{gathering}/", "sofia"),
    Page(
        "/proposals/{reviewed}/gatherings/{gathering}/",
        "sofia",
        state="conflict",
        does=save_late("Title", "Save the gathering"),
    ),
    Page("/proposals/{reviewed}/gatherings/{gathering}/remove/", "sofia"),
    Page("/proposals/{published}/decision/", "lukas", state="follow-up"),
    Page("/rounds/{closed-round}/", "sofia", state="closed"),
    Page("/proposals/{published}/history/", "sofia"),
    Page("/proposals/{published}/record/", "sofia"),
    Page("/proposals/{deciding}/points/", "lukas", state="read"),
    Page("/proposals/{deciding}/decision/", "lukas"),
    Page("/proposals/{deciding}/decision/", "lukas", state="empty", does=press("Go on")),
    Page("/policy-areas/new/", "sofia"),
    Page("/policy-areas/example-repair-culture/", "sofia"),
    Page("/policy-areas/example-repair-culture/sources/add/", "sofia"),
    Page("/policy-areas/example-repair-culture/sources/{source}/remove/", "sofia"),
    Page("/policy-areas/example-squares/", "sofia", state="draft"),
    Page("/policy-areas/example-squares/briefing/", "sofia"),
    Page("/policy-areas/example-squares/briefing/", "sofia", state="faulty", does=ask_too_many),
    Page("/policy-areas/example-squares/briefing/publish/", "sofia"),
    Page("/policy-areas/ai-and-cci/briefing/", "sofia", state="published"),
    Page(
        "/policy-areas/ai-and-cci/briefing/",
        "sofia",
        state="conflict",
        does=save_late("Guiding questions", "Save the briefing"),
    ),
    Page("/proposals/{waiting}/", "sofia", state="waiting"),
    Page("/policy-areas/example-repair-culture/select/", "sofia"),
    Page("/policy-areas/example-repair-culture/decline/", "sofia"),
    Page("/policy-areas/example-declined/reopen/", "sofia"),
]
DESIGNER = [
    Page("/processes/", "sofia"),
    Page("/processes/ekip-engine/1/", "sofia"),
    Page("/processes/ekip-engine/1/copy/", "sofia"),
    Page("/processes/ekip-engine/1/withdraw/", "sofia"),
    Page("/processes/ekip-engine/1/withdraw/", "sofia", state="empty", does=press("Withdraw the version")),
    Page("/processes/ekip-engine/1/copy/", "hanna", state="foreign", status=403),
    Page("/processes/ekip-engine/mail/", "sofia"),
    Page("/processes/ekip-engine/mail/invitation/en/", "sofia"),
    Page("/processes/ekip-engine/mail/invitation/en/", "sofia", state="faulty", does=write_no_placeholder),
    Page("/processes/ekip-engine/mail/published/sv/", "sofia", state="changed"),
    Page("/processes/ekip-engine/mail/published/sv/", "sofia", state="conflict", does=save_mail_late),
    Page("/processes/ekip-engine/mail/published/sv/reset/", "sofia"),
    Page("/process-drafts/{process-draft}/", "sofia"),
    Page("/process-drafts/{process-draft}/", "sofia", state="conflict", does=save_what_is_stale),
    Page("/process-drafts/{faulty-draft}/", "sofia", state="faulty"),
    Page("/process-drafts/{process-draft}/stage/", "sofia"),
    Page("/process-drafts/{process-draft}/stage/", "sofia", state="empty", does=press("Add the stage")),
    Page("/process-drafts/{faulty-draft}/stage/", "sofia", state="faulty"),
    Page("/process-drafts/{process-draft}/changes/", "sofia"),
    Page("/process-drafts/{process-draft}/try/", "sofia"),
    Page("/process-drafts/{process-draft}/try/?runs=50&seed=1", "sofia", state="tried"),
    Page("/process-drafts/{process-draft}/publish/", "sofia"),
    Page("/process-drafts/{faulty-draft}/publish/", "sofia", state="faulty"),
    Page("/process-drafts/{process-draft}/delete/", "sofia"),
]
MANAGER = [
    Page("/calendar/", "giulia"),
    Page("/calendar/", "elina", state="empty"),
    Page("/calendar/", "tomas", state="made", does=press("Make an address")),
    Page("/calendar/remove/", "giulia"),
    Page("/profile/", "hanna"),
    Page("/profile/", "sofia"),
    Page("/profile/second-factor/", "ines"),
    Page("/organisations/example-city/", "elina"),
    Page("/organisations/example-city/members/", "elina"),
    Page("/organisations/example-city/members/{membership}/", "elina"),
    Page("/organisations/example-city/members/{membership}/end/", "elina"),
    Page("/organisations/example-city/invite/", "elina"),
]
REACHED = [
    Page("/notifications/", "hanna"),
    Page("/notifications/?show=all&group=waiting", "hanna", state="group"),
    Page("/notifications/", "hanna", state="read", does=press("Mark all as read")),
    Page("/notifications/", "piet", state="empty"),
    Page("/profile/notifications/", "hanna"),
    Page("/profile/absences/", "piet", state="empty"),
    Page("/profile/absences/", "hanna"),
    Page("/profile/absences/", "hanna", state="faulty", does=press("Note the absence")),
    Page("/unsubscribe/{unsubscribe}/"),
    Page("/unsubscribe/{unsubscribe}/", state="stopped", does=press("Send me no more mail of these")),
    Page("/unsubscribe/nonsense/", status=404),
    Page("/deliveries/", "sofia"),
    Page("/deliveries/", "sofia", state="question", does=press("Try the chosen ones again")),
    Page("/deliveries/?show=late", "sofia", state="late"),
    Page("/deliveries/progress/", "sofia"),
    Page("/deliveries/", "hanna", state="foreign", status=404),
]
PAGES = [*PUBLIC, *ACCOUNT, *AUTHOR, *REVIEWER, *CONTRIBUTOR, *CITY, *COORDINATOR, *DESIGNER, *MANAGER, *REACHED]

NO_PAGES = {
    "engine:calendar_feed": "a calendar program asks",
    "engine:gathering_take": "a button posts to it",
    "engine:process_draft_check": "a script asks",
    "engine:process_draft_rest": "a button posts to it",
    "engine:process_export": "a file",
    "engine:process_schema": "a file",
    "engine:published_record_download": "a file",
    "engine:recommendation_move": "a button posts to it",
    "engine:record_download": "a file",
    "engine:responses_download": "a file",
    "engine:restore": "a button posts to it",
    "engine:unarchive": "a button posts to it",
    "partners:cancel_invitation": "a button posts to it",
    "partners:deliveries_again": "a button posts to it",
    "partners:mark_all_notifications": "a button posts to it",
    "partners:mark_notification": "a button posts to it",
    "partners:open_notification": "a button posts to it",
    "partners:remove_absence": "a button posts to it",
    "partners:unmark_all_notifications": "a button posts to it",
    "pages:live": "machines ask",
    "pages:metrics": "machines ask",
    "pages:ready": "machines ask",
}
"""Names of addresses that show no page, with the reason. The REST API has none either."""
