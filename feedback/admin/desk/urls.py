"""Addresses of the desk, under `/admin/moderation/`."""

from django.urls import path

from feedback.admin.desk import appeals, pages, queue

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("appeals/", appeals.appeals, name="appeals"),
    path("appeals/<int:number>/", appeals.appeal, name="appeal"),
    path("undo/<int:number>/", pages.undo, name="undo"),
    path("lift/<int:number>/", pages.lift, name="lift"),
    path("<uuid:pk>/", pages.item, name="item"),
    path("<uuid:pk>/note/", pages.note, name="note"),
    path("<uuid:pk>/sanction/", pages.sanction, name="sanction"),
]
