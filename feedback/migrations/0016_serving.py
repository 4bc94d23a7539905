"""Indexes for what pages and the staff's lists ask for among millions of rows."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("feedback", "0015_themes")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["state", "-created_at", "-id"], condition=~Q(state="published"), name="comment_not_shown"
            ),
        ),
    ]
