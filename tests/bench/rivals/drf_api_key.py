"""djangorestframework-api-key as its documentation sets it up: its app, its migrations and its permission class, over
SQLite in a file, which is Django's default."""

import json
import os

import django
from contender import compete
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["rest_framework", "rest_framework_api_key"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(os.environ["HOME"], "drf.db")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework_api_key.models import APIKey  # noqa: E402
from rest_framework_api_key.permissions import HasAPIKey  # noqa: E402

call_command("migrate", verbosity=0)
_, valid = APIKey.objects.create_key(name="valid")
_, expired = APIKey.objects.create_key(name="expired", expiry_date=timezone.now())
permission, requests = HasAPIKey(), RequestFactory()

print(json.dumps({"valid": valid, "expired": expired, "garbage": "x" * len(valid)}), flush=True)
compete(
    lambda request: permission.has_permission(request, None),
    lambda key: requests.get("/", HTTP_AUTHORIZATION=f"Api-Key {key}"),
)
