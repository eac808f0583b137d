def test_the_five_people_belong_to_five_organisations(author, reviewer, coordinator, official, outsider):
    five = (author, reviewer, coordinator, official, outsider)
    assert len({person.memberships.get().organisation_id for person in five}) == 5
