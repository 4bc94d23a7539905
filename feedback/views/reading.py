"""Pages that anybody may read. Anonymous ones hold nothing personal and no POST form."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from feedback.actions.following import follows
from feedback.models import ClosingStatement, Comment, CommentVersion
from feedback.results import published_counts, results_of
from feedback.results.overview import question_figures
from feedback.views.cursor import cursor
from feedback.views.framed import page_for
from feedback.views.measure import measure_context, targets_of
from feedback.views.thread import thread_context
from principles.models import Edition, Measure, Principle, Programme
from principles.wording_diff import edition_diff

NEWEST = 5


def home(request):
    """The programme where there is one, the list where there are several."""
    programmes = list(Programme.objects.all()[:100])
    if len(programmes) == 1:
        return programme_page(request, programmes[0])
    return render(request, "feedback/programmes.html", {"programmes": programmes})


def programme(request, slug):
    return programme_page(request, get_object_or_404(Programme, slug=slug))


def programme_page(request, programme: Programme):
    context = programme_context(programme) | {"followed": follows(request.user, programme)}
    return render(request, "feedback/programme.html", context)


def programme_context(programme: Programme) -> dict:
    """Principles with their measures and tallies at a glance, and what is newest."""
    principles = list(programme.principles.in_force())
    measures = list(Measure.objects.in_force().filter(principle__programme=programme).with_wording())
    by_principle = {principle.pk: [] for principle in principles}
    for card in measure_cards(programme, measures):
        by_principle[card["measure"].principle_id].append(card)
    statement = None
    if programme.has_closed():
        statement = ClosingStatement.objects.published().filter(programme=programme).first()
    newest = Comment.objects.visible().filter(measure__principle__programme=programme).newest_first().with_text()
    return {
        "programme": programme,
        "statement": statement,
        "chapters": [{"principle": principle, "cards": by_principle[principle.pk]} for principle in principles],
        "newest": newest.select_related("measure__current_edition")[:NEWEST],
        "measure_count": len(measures),
    }


def measure_cards(programme: Programme, measures: list[Measure]) -> list[dict]:
    """Each measure with the result of the programme's first question and its number of comments."""
    questions = list(programme.questions.all()[:1])
    results = results_of(measures, questions)
    comments = published_counts(measures)
    return [
        {
            "measure": measure,
            "edition": measure.current_edition,
            "result": results.get((measure.pk, questions[0].pk)) if questions else None,
            "comments": comments.get(measure.pk, 0),
        }
        for measure in measures
    ]


def principle(request, slug):
    principle = get_object_or_404(Principle.objects.select_related("programme"), slug=slug)
    measures = list(Measure.objects.in_force().filter(principle=principle).with_wording())
    context = {
        "principle": principle,
        "programme": principle.programme,
        "cards": measure_cards(principle.programme, measures),
        "figures": question_figures(principle.programme, measures),
        "others": principle.programme.principles.in_force().exclude(pk=principle.pk),
    }
    return render(request, "feedback/principle.html", context)


def measure(request, slug):
    if request.user.is_authenticated:
        return page_for(request, slug)
    measure = get_object_or_404(Measure.objects.with_wording(), slug=slug)
    return render(request, "feedback/measure.html", measure_context(request, measure))


def edition(request, slug, number):
    """An edition's wording, and the tallies that belong to it."""
    edition = get_object_or_404(
        Edition.objects.select_related("measure__principle__programme", "measure__current_edition"),
        measure__slug=slug,
        number=number,
    )
    measure = edition.measure
    programme = measure.principle.programme
    results = results_of([measure], programme.questions.all(), series={measure.pk: edition.series})
    editions = list(measure.editions.all())
    together = sorted(other.number for other in editions if other.series == edition.series)
    before = next((other for other in editions if other.number == edition.number - 1), None)
    context = {
        "measure": measure,
        "edition": edition,
        "is_over": edition.series != measure.current_edition.series,
        "programme": programme,
        "diff": edition_diff(before, edition) if before else None,
        "targets": targets_of(edition),
        "editions": editions,
        "together": together if len(together) > 1 else None,  # what they share ratings with
        "results": list(results.values()),
    }
    return render(request, "feedback/edition.html", context)


def comment(request, slug, pk):
    """A comment with all its replies, on an address of its own."""
    return render(
        request,
        "feedback/comment.html",
        thread_context(request, public_comment(request, slug, pk), after=cursor(request.GET.get("after"))),
    )


def public_comment(request, slug, pk) -> Comment:
    """The comment, if everybody may know of it, or if it is the reader's own; else a 404."""
    comment = get_object_or_404(
        Comment.objects.with_text().select_related(
            "latest", "measure__principle__programme", "measure__current_edition", "measure__area"
        ),
        pk=pk,
        measure__slug=slug,
    )
    own = request.user.is_authenticated and comment.author and comment.author.user_id == request.user.pk
    if comment.state == "pending" and not own:
        raise Http404
    return comment


def versions(request, slug, pk):
    """The kept versions of a comment that was visibly edited."""
    comment = get_object_or_404(
        Comment.objects.visible().with_text().select_related("measure__current_edition"), pk=pk, measure__slug=slug
    )
    kept = CommentVersion.objects.filter(comment=comment, public=True).order_by("-number")
    return render(request, "feedback/versions.html", {"comment": comment, "measure": comment.measure, "versions": kept})
