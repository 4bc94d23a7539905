"""What search engines are told: which pages there are, in which languages, and where not to go."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from feedback.addresses import absolute
from feedback.models import Answer
from portal.localized import LANGUAGES
from principles.models import Measure, Principle, Programme

PAGES = ["home", "about", "rules", "privacy", "accessibility"]
FRESH = 3600  # seconds
# Nothing to find: accounts, one's own pages, forms, and answers to questions, of which there is no end.
CLOSED = [
    "accounts/",
    "profile/",
    "search/",
    "measures/*/ratings/",
    *(f"measures/*/comments/*/{form}/" for form in ("reply", "edit", "withdraw", "report", "vote")),
]


class Pages(Sitemap):
    """Every page for reading in every language, each with its addresses in the others."""

    i18n = True
    alternates = True
    x_default = True
    limit = 5000  # 15,000 addresses with four alternates each: under the 50,000 and the 50 MB that are allowed

    def items(self):
        measures = Measure.objects.in_force().select_related("principle")
        answers = Answer.objects.published().order_by("pk").only("pk")
        return [*PAGES, *Programme.objects.all(), *Principle.objects.in_force(), *measures, *answers]

    def location(self, item):
        return reverse(item) if isinstance(item, str) else item.get_absolute_url()

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme


@require_safe
@cache_control(public=True, max_age=FRESH)
def sitemap(request):
    return sitemap_of(request, {"pages": Pages()}, template_name="feedback/sitemap.xml")


@require_safe
@cache_control(public=True, max_age=FRESH)
def robots(request):
    """RFC 9309, with the one line that it leaves to sitemaps.org."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: /{language}/{path}" for language in LANGUAGES for path in CLOSED),
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
