from django.db import migrations

OLD, NEW = "portal.accounts.tasks.send_message", "portal.mail.send_message"


def rename(old, new):
    """Mail that waits during the update is sent, and forgotten, under the task's new name."""

    def run(apps, schema_editor):
        apps.get_model("django_tasks_database", "DBTaskResult").objects.filter(task_path=old).update(task_path=new)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("django_tasks_database", "0019_rename_django_task_new_ordering_idx_tasks_db_new_ordering_idx_and_more"),
    ]
    operations = [migrations.RunPython(rename(OLD, NEW), rename(NEW, OLD))]
