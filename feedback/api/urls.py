"""Addresses of the API, version 1."""

from django.urls import path, re_path

from feedback.api import answers, breakdowns, changes, contributing, dumps, ledger, moderation, programme, root, tallies
from feedback.dumps import shelf

urlpatterns = [
    path("", root.Root.as_view(), name="api-root"),
    path("openapi.json", root.Description.as_view(), name="api-schema"),
    path("docs/", root.Docs.as_view(url_name="api-schema"), name="api-docs"),
    path("programmes/", programme.Programmes.as_view(), name="api-programmes"),
    path("programmes/<slug:slug>/", programme.OneProgramme.as_view()),
    path("principles/", programme.Principles.as_view(), name="api-principles"),
    path("principles/<slug:slug>/", programme.OnePrinciple.as_view()),
    path("measures/", programme.Measures.as_view(), name="api-measures"),
    path("measures/<slug:slug>/", programme.OneMeasure.as_view()),
    path("questions/", programme.Questions.as_view(), name="api-questions"),
    path("targets/", programme.Targets.as_view(), name="api-targets"),
    path("targets/<slug:slug>/", programme.OneTarget.as_view()),
    path("comments/", contributing.CommentsAndNew.as_view(), name="api-comments"),
    path("comments/<uuid:id>/", contributing.CommentAndEdit.as_view()),
    path("comments/<uuid:id>/vote/", contributing.Vote.as_view()),
    path("comments/<uuid:id>/report/", contributing.Report.as_view()),
    path("comments/<uuid:id>/withdraw/", contributing.Withdraw.as_view()),
    path("ratings/<slug:measure>/<slug:question>/", contributing.OwnRating.as_view()),
    path("tallies/", tallies.Tallies.as_view(), name="api-tallies"),
    path("breakdowns/", breakdowns.Breakdowns.as_view(), name="api-breakdowns"),
    path("answers/", answers.Answers.as_view(), name="api-answers"),
    re_path(r"^answers/(?P<code>a[0-9]{1,18})/$", answers.OneAnswer.as_view()),
    path("rules/", moderation.Rules.as_view(), name="api-rules"),
    path("rules/<slug:code>/", moderation.OneRule.as_view()),
    path("decisions/", moderation.Decisions.as_view(), name="api-decisions"),
    path("changes/", changes.Changes.as_view(), name="api-changes"),
    path("dumps/", dumps.Dumps.as_view(), name="api-dumps"),
    path("dumps/latest/", dumps.LatestDump.as_view()),
    re_path(rf"^dumps/latest/(?P<file>{shelf.FILE})$", dumps.LatestFile.as_view()),
    re_path(rf"^dumps/(?P<name>{shelf.NAME})/$", dumps.OneDump.as_view()),
    re_path(rf"^dumps/(?P<name>{shelf.NAME})/(?P<file>{shelf.FILE})$", dumps.File.as_view()),
    path("ledger/checkpoint", ledger.TheCheckpoint.as_view(), name="api-ledger"),
    path("ledger/key", ledger.TheKey.as_view()),
    path("ledger/keys", ledger.Keys.as_view()),
    path("ledger/entries", ledger.Entries.as_view()),
    path("ledger/inclusion", ledger.Inclusion.as_view()),
    path("ledger/consistency", ledger.Consistency.as_view()),
    re_path("", root.nowhere),
]
