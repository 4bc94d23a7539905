"""The consultation's pages."""

from django.urls import path

from feedback.views import (
    answers,
    appeals,
    cards,
    contributing,
    feeds,
    following,
    moderation,
    notices,
    paper,
    profile,
    reading,
    search,
    style,
)
from portal.views import document

COMMENT = "measures/<slug:slug>/comments/<uuid:pk>/"

urlpatterns = [
    path("", reading.home, name="home"),
    path("programmes/<slug:slug>/", reading.programme, name="programme"),
    path("programmes/<slug:slug>/feed/", feeds.programme_feed, name="programme-feed"),
    path("programmes/<slug:slug>/follow/", following.follow_programme, name="follow-programme"),
    path("principles/<slug:slug>/", reading.principle, name="principle"),
    path("measures/<slug:slug>/", reading.measure, name="measure"),
    path("measures/<slug:slug>/follow/", following.follow_measure, name="follow-measure"),
    path("measures/<slug:slug>/feed/", feeds.measure_feed, name="measure-feed"),
    path("measures/<slug:slug>/card.png", cards.card, name="measure-card"),
    path("measures/<slug:slug>/answers/", answers.measure_answers, name="measure-answers"),
    path("answers/a<int:pk>/", answers.answer, name="answer"),
    path("measures/<slug:slug>/editions/<int:number>/", reading.edition, name="edition"),
    path("measures/<slug:slug>/ratings/<slug:question>/", contributing.rate_measure, name="rate"),
    path("measures/<slug:slug>/comments/", contributing.comment_on_measure, name="submit-comment"),
    path(COMMENT, reading.comment, name="comment"),
    path(f"{COMMENT}versions/", reading.versions, name="comment-versions"),
    path(f"{COMMENT}reply/", contributing.reply_to_comment, name="reply"),
    path(f"{COMMENT}edit/", contributing.edit, name="edit-comment"),
    path(f"{COMMENT}withdraw/", contributing.withdraw, name="withdraw-comment"),
    path(f"{COMMENT}report/", contributing.report, name="report-comment"),
    path(f"{COMMENT}vote/", contributing.vote, name="vote"),
    path("search/", search.search, name="search"),
    path("moderation/", moderation.moderation, name="rules"),
    path("moderation/log.csv", moderation.log_file, name="moderation-log"),
    path("moderation/figures.csv", moderation.figures_file, name="moderation-figures"),
    path("paper/", paper.paper, name="paper"),
    path("profile/", profile.profile, name="profile"),
    path("profile/delete/", profile.leave, name="delete_account"),
    path("profile/notices/", notices.notices, name="notices"),
    path("profile/notices/read/", notices.read_notices, name="read-notices"),
    path("profile/pace/", following.change_pace, name="change-pace"),
    path("profile/decisions/<int:pk>/", appeals.decision, name="decision"),
    path("profile/sanctions/<int:pk>/", appeals.sanction, name="sanction"),
    path("appeals/<str:token>/", appeals.by_link, name="appeal"),
    path("unsubscribe/<str:token>/", following.unsubscribe, name="unsubscribe"),
    path("style/", style.style, name="style"),
    path("about/", document, {"name": "about"}, name="about"),
    path("privacy/", document, {"name": "privacy"}, name="privacy"),
    path("accessibility/", document, {"name": "accessibility"}, name="accessibility"),
]
