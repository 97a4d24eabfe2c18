"""The single variables, in the settings of a Django project. The argument says which database: POSTGRESQL or MYSQL."""

import json
import os
import sys

from django.conf import settings
from django.db import connection

ENGINES = {
    "POSTGRESQL": ("django.db.backends.postgresql", "current_user, current_database()"),
    "MYSQL": ("mysql.connector.django", "current_user(), database()"),
}
kind = sys.argv[1]
engine, query = ENGINES[kind]
single = {name: os.environ[f"AZURE_{kind}_{name}"] for name in ("NAME", "HOST", "USER", "PASSWORD")}
settings.configure(DATABASES={"default": {"ENGINE": engine, **single}})
with connection.cursor() as cursor:
    cursor.execute(f"select {query}")
    user, database = cursor.fetchone()
print(json.dumps({"user": user, "database": database}))
