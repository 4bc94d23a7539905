from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self):
        from feedback.ledger.triggers import install_after_migrate
        from feedback.search.engines import install_after_migrate as install_search_after_migrate

        post_migrate.connect(install_after_migrate, sender=self)
        post_migrate.connect(install_search_after_migrate, sender=self)
