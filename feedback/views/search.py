"""The search page: measures first, then comments."""

from django import forms
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.models import Answer
from feedback.models.comment import Language
from feedback.search.comments import MOST_PAGES, PER_PAGE, FoundComments, search_comments
from feedback.search.marks import excerpt, marked
from feedback.search.measures import Found, search_measures
from feedback.search.query import LONGEST_QUERY, parse
from portal.alphabets import sort_key
from portal.localized import LANGUAGES, localized
from principles.models import Area, Measure, Principle, Programme

MEASURES_BESIDE_COMMENTS = 10
KINDS = [("", _("measures and comments")), ("measures", _("measures only")), ("comments", _("comments only"))]
ANSWERED = [("", _("answered or not")), ("yes", _("with an official answer"))]
ORDERS = [("", _("best first")), ("newest", _("newest first"))]


class SearchForm(forms.Form):
    """What to look for, and where. A filter that names nothing is reported and does not narrow."""

    q = forms.CharField(label=_("What are you looking for?"), required=False)
    kind = forms.ChoiceField(label=_("Show"), choices=KINDS, required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    principle = forms.ChoiceField(label=_("Principle"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("any language")), *Language.choices], required=False
    )
    answered = forms.ChoiceField(label=_("Official answer"), choices=ANSWERED, required=False)
    order = forms.ChoiceField(label=_("Order of comments"), choices=ORDERS, required=False)

    def __init__(self, data, programmes, principles, areas):
        super().__init__({**data.dict(), "q": data.get("q", "")[:LONGEST_QUERY]})
        for name in self.fields:
            self.fields[name].error_messages["invalid_choice"] = _(
                "The address of this page names something that is not in this list, so this filter is left out."
            )
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "maxlength": LONGEST_QUERY})
        names = {programme.pk: localized(programme, "title").text for programme in programmes}
        self.fields["programme"].choices = [
            ("", _("all programmes")),
            *((programme.slug, names[programme.pk]) for programme in programmes),
        ]
        if len(programmes) < 2:
            del self.fields["programme"]
        self.fields["principle"].choices = [("", _("all principles"))] + grouped(
            names,
            [(each, f"{each.code}. {localized(each, 'title')}") for each in principles],
        )
        named = [(each, localized(each, "name")) for each in areas]
        named.sort(key=lambda row: sort_key(row[1].text, row[1].language))
        self.fields["area"].choices = [("", _("all areas"))] + grouped(
            names, [(each, name.text) for each, name in named]
        )

    @property
    def filters(self):
        return [self[name] for name in self.fields if name != "q"]

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that narrow the search."""
        self.is_valid()
        values = self.cleaned_data
        return {name: values[name] for name in self.fields if name != "q" and values.get(name)}


def grouped(names: dict[int, str], rows: list[tuple]) -> list:
    """(slug, label) of each row; under its programme's name where there are several programmes."""
    if len(names) < 2:
        return [(row.slug, label) for row, label in rows]
    return [(name, [(row.slug, label) for row, label in rows if row.programme_id == pk]) for pk, name in names.items()]


def search(request):
    """Measures and comments with the words of `q`; without words, how to search."""
    programmes = list(Programme.objects.all()[:100])
    principles = list(Principle.objects.in_force().filter(programme__in=programmes))
    areas = list(Area.objects.filter(programme__in=programmes))
    form = SearchForm(request.GET, programmes, principles, areas)
    chosen = form.chosen
    query = parse(form.data["q"])
    page = page_number(request.GET.get("page"))
    context = {"form": form, "query": query, "chosen": chosen, "page": page, "suggestions": suggestions(areas)}
    if query.terms:
        context |= results(query, chosen, page) | pages(request, page)
        context["next_page"] = context["next_page"] if page < context["last_page"] else None
    return render(request, "feedback/search.html", context)


def results(query, chosen: dict[str, str], page: int) -> dict:
    """What was found, ready to be shown."""
    measures, comments = Found([]), FoundComments()
    where = narrowed(chosen)
    kind = chosen.get("kind", "")
    active = (get_language() or "en")[:2]
    languages = [chosen["language"]] if "language" in chosen else sorted(LANGUAGES, key=lambda code: code != active)
    in_force = Measure.objects.in_force().filter(**where)
    if "answered" in chosen:
        in_force = in_force.filter(Exists(Answer.objects.published().filter(measure=OuterRef("pk"))))
    measures = search_measures(query, in_force, languages)
    if kind != "measures":
        comments = search_comments(
            query,
            measures=Measure.objects.filter(**where).values_list("pk", flat=True) if where else None,
            language=chosen.get("language", ""),
            answered="answered" in chosen,
            newest=chosen.get("order") == "newest",
            page=page,
            meant=measures.meant,
        )
    shown = []
    if kind == "measures":
        shown = measures.hits[(page - 1) * PER_PAGE : page * PER_PAGE]
    elif not kind and page == 1:
        shown = measures.hits[:MEASURES_BESIDE_COMMENTS]
    return {
        "measures": measure_cards(shown),
        "measure_total": 0 if kind == "comments" else len(measures.hits),
        "measures_complete": measures.complete,
        "found": comments,
        "comments": [
            {"comment": comment, "text": excerpt(comment.shown.text, comments.stems)} for comment in comments.comments
        ],
        "mended": bool(measures.meant) or comments.mended,
        "last_page": min(MOST_PAGES, -(-len(measures.hits) // PER_PAGE) if kind == "measures" else comments.pages),
    }


def narrowed(chosen: dict[str, str]) -> dict[str, str]:
    """The filters on measures, as lookups."""
    lookups = {"programme": "principle__programme__slug", "principle": "principle__slug", "area": "area__slug"}
    return {lookups[name]: value for name, value in chosen.items() if name in lookups}


def measure_cards(hits) -> list[dict]:
    """Each measure with its title in the reader's language and an extract in the one that matched, the words marked.

    In another language than the title's, the extract begins with the title that was found.
    """
    rows = Measure.objects.with_wording().in_bulk([hit.pk for hit in hits])
    cards = []
    for hit in hits:
        measure = rows[hit.pk]
        title = localized(measure.current_edition, "title")
        found = localized(measure.current_edition, "title", hit.language)
        summary = localized(measure.current_edition, "summary", hit.language)
        said = [found.text] if title.language != found.language == summary.language else []
        cards.append(
            {
                "measure": measure,
                "title": marked(title.text, hit.stems),
                "title_language": title.language,
                "text": excerpt(". ".join([*said, summary.text]), hit.stems),
                "text_language": summary.language,
            }
        )
    return cards


def page_number(text: str | None) -> int:
    """The page that is asked for; the first one where that is no number, and never beyond the last that is shown."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 4:
        return 1
    return min(max(int(text), 1), MOST_PAGES)


def pages(request, page: int) -> dict[str, str | None]:
    """The addresses of the pages before and after."""
    address = reverse("search")

    def to(number: int) -> str:
        values = request.GET.copy()
        values["q"] = values.get("q", "")[:LONGEST_QUERY]
        values["page"] = str(number)
        return f"{address}?{values.urlencode()}"

    return {"previous_page": to(page - 1) if page > 1 else None, "next_page": to(page + 1)}


def suggestions(areas: list[Area]) -> list:
    """Names of areas to look for, in the reader's language where they have one."""
    names = dict.fromkeys(localized(area, "name") for area in areas)
    return list(names)
