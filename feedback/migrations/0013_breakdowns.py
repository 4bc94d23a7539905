from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0012_ledger_tree")]

    operations = []
