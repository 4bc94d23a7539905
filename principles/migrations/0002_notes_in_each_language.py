"""What changed in an edition and why is said in each language; what was said so far goes to the one it is in."""

import py3langid
from django.db import migrations, models

LANGUAGES = ("en", "kk", "ru")


def move_notes(apps, schema_editor):
    identifier = None
    for edition in apps.get_model("principles", "Edition").objects.exclude(note="").iterator():
        if identifier is None:
            identifier = py3langid.langid.LanguageIdentifier.from_model_file(py3langid.langid.MODEL_FILE)
            identifier.set_languages(list(LANGUAGES))
        setattr(edition, f"note_{identifier.classify(edition.note)[0]}", edition.note)
        edition.save()


class Migration(migrations.Migration):
    dependencies = [
        ("principles", "0001_initial"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name="edition",
                name=f"note_{language}",
                field=models.CharField(blank=True, max_length=500, null=True, verbose_name="what changed and why"),
            )
            for language in LANGUAGES
        ),
        migrations.RunPython(move_notes, migrations.RunPython.noop, elidable=True),
    ]
