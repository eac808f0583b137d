"""Addresses of the process, of proposals, and of reviewing and deciding."""

from django.urls import path

from engine.views import (
    co_authors,
    decisions,
    evidence,
    invitations,
    lists,
    points,
    process,
    recommendations,
    responses,
    reviews,
    rounds,
    start,
    submission,
    workspace,
    writing,
)

app_name = "engine"
urlpatterns = [
    path("process/", process.process, name="process"),
    path("proposals/", lists.my_proposals, name="my_proposals"),
    path("proposals/new/", start.start, name="start"),
    path("proposals/<int:pk>/", workspace.proposal, name="proposal"),
    path("proposals/<int:pk>/history/", workspace.history, name="history"),
    path("proposals/<int:pk>/details/", writing.details, name="details"),
    path("proposals/<int:pk>/sections/<slug:key>/", writing.section, name="section"),
    path("proposals/<int:pk>/recommendation/new/", recommendations.add, name="recommendation_add"),
    path("proposals/<int:pk>/recommendations/<slug:key>/", recommendations.edit, name="recommendation"),
    path("proposals/<int:pk>/recommendations/<slug:key>/delete/", recommendations.delete, name="recommendation_delete"),
    path("proposals/<int:pk>/recommendations/<slug:key>/move/", recommendations.move, name="recommendation_move"),
    path("proposals/<int:pk>/evidence/new/", evidence.add, name="evidence_add"),
    path("proposals/<int:pk>/evidence/<slug:key>/delete/", evidence.delete, name="evidence_delete"),
    path("proposals/<int:pk>/co-authors/", co_authors.co_authors, name="co_authors"),
    path("proposals/<int:pk>/co-authors/<int:person>/remove/", co_authors.remove, name="co_author_remove"),
    path("proposals/<int:pk>/submit/", submission.submit, name="submit"),
    path("proposals/<int:pk>/withdraw/", submission.withdraw, name="withdraw"),
    path("proposals/<int:pk>/delete/", submission.delete, name="delete"),
    path("proposals/<int:pk>/restore/", submission.restore, name="restore"),
    path("proposals/<int:pk>/archive/", submission.archive, name="archive"),
    path("proposals/<int:pk>/unarchive/", submission.unarchive, name="unarchive"),
    path("proposals/<int:pk>/points/", points.points, name="points"),
    path("proposals/<int:pk>/responses/", responses.responses, name="responses"),
    path("proposals/<int:pk>/responses/download/", responses.download, name="responses_download"),
    path("proposals/<int:pk>/rounds/new/", rounds.open_round, name="open_round"),
    path("proposals/<int:pk>/decision/", decisions.decide, name="decide"),
    path("rounds/<int:pk>/", rounds.round, name="round"),
    path("assignments/<int:pk>/", invitations.invitation, name="invitation"),
    path("assignments/<int:pk>/review/", reviews.review, name="review"),
]
