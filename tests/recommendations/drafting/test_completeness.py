"""The rule that says what is missing."""

from hypothesis import given
from hypothesis import strategies as st

from recommendations.drafting.completeness import ProposalFacts, RecommendationFacts, SectionFacts, missing

COMPLETE = ProposalFacts(
    title="Share",
    summary="Share what stands idle.",
    sections=(SectionFacts("context", "Context", 30, True, 30),),
    recommendations=(RecommendationFacts("share", "Share.", 1, 1, 1),),
)

sections = st.builds(
    SectionFacts,
    key=st.just("context"),
    label=st.text(max_size=10),
    words=st.integers(0, 50),
    is_required=st.booleans(),
    minimum_words=st.integers(0, 50),
)
recommendations = st.builds(
    RecommendationFacts,
    key=st.just("share"),
    statement=st.text(max_size=10),
    levels=st.integers(0, 2),
    building_blocks=st.integers(0, 2),
    evidence=st.integers(0, 2),
)
proposals = st.builds(
    ProposalFacts,
    title=st.text(max_size=5),
    summary=st.text(max_size=5),
    sections=st.lists(sections, max_size=4).map(tuple),
    recommendations=st.lists(recommendations, max_size=4).map(tuple),
)


def test_a_complete_proposal_lacks_nothing():
    assert missing(COMPLETE) == []


def test_everything_that_is_missing_is_said_with_its_place_in_the_order_of_the_page():
    facts = ProposalFacts(
        title=" ",
        summary="",
        sections=(
            SectionFacts("context", "Context", 0, True, 30),
            SectionFacts("problem", "Problem", 29, True, 30),
            SectionFacts("extra", "Extra", 0, False, 30),
        ),
        recommendations=(RecommendationFacts("share", "Share.", 0, 0, 0),),
    )
    found = missing(facts)
    assert [(item.code, item.place) for item in found] == [
        ("title", "details"),
        ("summary", "details"),
        ("section", "section:context"),
        ("section", "section:problem"),
        ("level", "recommendation:share"),
        ("building-block", "recommendation:share"),
        ("evidence", "recommendation:share"),
    ]
    assert [str(item.message) for item in found[2:4]] == ["“Context” is empty.", "“Problem” lacks 1 word."]


def test_a_proposal_without_recommendations_lacks_them_once():
    facts = ProposalFacts("Share", "Share.", COMPLETE.sections, ())
    assert [(item.code, item.place) for item in missing(facts)] == [("recommendations", "recommendations")]


@given(proposals)
def test_nothing_is_missing_exactly_when_every_demand_is_met(facts):
    met = (
        bool(facts.title.strip())
        and bool(facts.summary.strip())
        and bool(facts.recommendations)
        and all(r.levels and r.building_blocks and r.evidence for r in facts.recommendations)
        and all(s.words >= max(s.minimum_words, 1) for s in facts.sections if s.is_required)
    )
    assert (missing(facts) == []) == met


@given(proposals)
def test_every_message_can_be_read(facts):
    assert all(str(item.message) and "%(" not in str(item.message) for item in missing(facts))
