"""The form of an edition's provenance: how it came about, frozen at publication. Nobody is named in it."""

from rest_framework import serializers as s


class SourceSerializer(s.Serializer):
    """Where an edition from a back catalogue was entered from."""

    title = s.CharField()
    url = s.URLField()
    retrieved_on = s.DateField()


class ProcessSerializer(s.Serializer):
    """The version of the process that the text passed."""

    key = s.CharField()
    title = s.CharField()
    version = s.IntegerField()
    hash = s.CharField(help_text="SHA-256 of the definition.")


class RevisionSerializer(s.Serializer):
    """The frozen text that was published."""

    number = s.IntegerField()
    hash = s.CharField(help_text="SHA-256 of the text.")


class RoundSerializer(s.Serializer):
    """A closed round."""

    kind = s.CharField(help_text="`review`, `consultation` or `city-test`, or what a process calls it.")
    opened_on = s.DateField()
    closed_on = s.DateField(allow_null=True)
    invited = s.IntegerField(help_text="How many were asked.")
    submitted = s.IntegerField(help_text="How many answered.")


class TookPartSerializer(s.Serializer):
    """How many people took part, each once. Cells of fewer than three stand together under `other`."""

    kinds = s.DictField(child=s.IntegerField(), help_text="By kind of actor.")
    countries = s.DictField(child=s.IntegerField(), help_text="By country (ISO 3166 code, two letters).")


class PointsSerializer(s.Serializer):
    """How many remarks were made."""

    raised = s.IntegerField()
    answered = s.DictField(child=s.IntegerField(), help_text="How many met each outcome.")


class ResponseSerializer(s.Serializer):
    """A remark and what became of it."""

    number = s.IntegerField()
    place = s.CharField(
        allow_blank=True, help_text="Key of a section, `recommendation:` and a key, or empty: the text as a whole."
    )
    quote = s.CharField(allow_blank=True)
    remark = s.CharField()
    outcome = s.CharField(allow_null=True, help_text="accepted, partly, declined, deferred or out_of_scope.")
    reason = s.CharField(allow_blank=True)
    revision = s.IntegerField(allow_null=True, help_text="The revision that carries the change.")


class DecisionSerializer(s.Serializer):
    """The decision to publish."""

    outcome = s.CharField()
    decided_on = s.DateField()


class EcosystemOfSerializer(s.Serializer):
    """The city or district of a case or a gathering."""

    key = s.CharField()
    name = s.CharField()
    kind = s.CharField(help_text="`city` or `district`.")


class TerritoryOfSerializer(s.Serializer):
    """The territory in which it lies."""

    key = s.CharField()
    name = s.CharField()


class ParticipantsSerializer(s.Serializer):
    """How many people of one kind of actor took part in a city test."""

    kind = s.CharField()
    label = s.CharField()
    people = s.IntegerField()


class FindingSerializer(s.Serializer):
    """What one recommendation met locally."""

    recommendation = s.CharField(help_text="Key of the recommendation.")
    text = s.CharField()


class CityCaseSerializer(s.Serializer):
    """What a city met when it tested the draft: the participants' views only, one local perspective."""

    ecosystem = EcosystemOfSerializer()
    territory = TerritoryOfSerializer()
    set_up = s.CharField()
    participants = ParticipantsSerializer(many=True)
    findings = FindingSerializer(many=True)
    gaps = s.CharField(allow_blank=True)
    resources = s.CharField(allow_blank=True)


class HostSerializer(s.Serializer):
    """The organisation that held a gathering."""

    key = s.CharField()
    name = s.CharField()


class AttendedSerializer(s.Serializer):
    """Who came to one gathering. Cells of fewer than three people stand together under `other`."""

    kinds = s.DictField(child=s.IntegerField(), help_text="By kind of actor.")
    countries = s.DictField(child=s.IntegerField(), help_text="By country (ISO 3166 code, two letters).")


class GatheringSerializer(s.Serializer):
    """Where people met while the text came about. Who came is counted here alone, not under `took_part`."""

    kind = s.CharField(
        help_text="policy_corner, policy_lab, community_review_workshop, policy_assessment, policy_dialogue, "
        "open_innovation_factory, round_table or meet_up."
    )
    title = s.CharField()
    held_on = s.DateField()
    ended_on = s.DateField(allow_null=True, help_text="The last day, where it lasted longer than one.")
    ecosystem = EcosystemOfSerializer(allow_null=True)
    territory = TerritoryOfSerializer(allow_null=True)
    is_online = s.BooleanField(help_text="Whether people met or could join online.")
    host = HostSerializer(allow_null=True)
    people = s.IntegerField(help_text="How many came in all; 0 when nobody counted.")
    attended = AttendedSerializer()
    outcome = s.CharField(allow_blank=True, help_text="What came of it, in the words of who recorded it.")


class ProvenanceSerializer(s.Serializer):
    """How an edition came about. One from a back catalogue has `source` alone; one that passed the process the rest."""

    source = SourceSerializer(required=False)
    process = ProcessSerializer(required=False)
    revision = RevisionSerializer(required=False)
    rounds = RoundSerializer(many=True, required=False)
    took_part = TookPartSerializer(required=False)
    points = PointsSerializer(required=False)
    responses = ResponseSerializer(many=True, required=False)
    decision = DecisionSerializer(required=False, allow_null=True)
    city_cases = CityCaseSerializer(many=True, required=False)
    gatherings = GatheringSerializer(many=True, required=False)
