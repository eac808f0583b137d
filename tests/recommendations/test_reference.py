"""The vocabularies that every installation has."""

from recommendations.models import BuildingBlock, Cluster, SectionKind, TargetActor
from recommendations.reference import load_vocabularies


def test_loading_twice_is_loading_once(db):
    first = load_vocabularies()
    stored = list(BuildingBlock.objects.values_list("pk", "key"))
    assert (
        load_vocabularies()
        == first
        == {
            "clusters": 7,
            "building_blocks": 7,
            "target_actors": 9,
            "sections": 6,
        }
    )
    assert list(BuildingBlock.objects.values_list("pk", "key")) == stored


def test_a_changed_entry_is_brought_up_to_date_and_an_unknown_one_stays(db):
    load_vocabularies()
    Cluster.objects.filter(key="cooperation").update(label="Something else", is_methodological=True)
    TargetActor.objects.create(key="local-addition", label="Local addition")
    load_vocabularies()
    cluster = Cluster.objects.get(key="cooperation")
    assert (cluster.label, cluster.is_methodological) == ("Cooperation", False)
    assert TargetActor.objects.filter(key="local-addition").exists()


def test_the_template_has_its_sections_in_order_with_guidance(db):
    load_vocabularies()
    sections = list(SectionKind.objects.all())
    assert [section.key for section in sections] == [
        "context",
        "problem",
        "evidence",
        "recommendations",
        "implementation-guidance",
        "expected-effect",
    ]
    assert all(section.description for section in sections)
    assert (sections[0].is_required, sections[0].minimum_words) == (True, 30)


def test_the_five_kinds_of_building_blocks_and_the_two_considerations(db):
    load_vocabularies()
    kinds = list(BuildingBlock.objects.values_list("kind", flat=True))
    assert (kinds.count("block"), kinds.count("consideration")) == (5, 2)
