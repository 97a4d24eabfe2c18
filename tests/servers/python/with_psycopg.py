"""The connection string, or the single variables, as psycopg takes them."""

import json
import os

import psycopg

if "AZURE_POSTGRESQL_CONNECTIONSTRING" in os.environ:
    connection = psycopg.connect(os.environ["AZURE_POSTGRESQL_CONNECTIONSTRING"])
else:
    connection = psycopg.connect(
        host=os.environ["AZURE_POSTGRESQL_HOST"],
        port=os.environ["AZURE_POSTGRESQL_PORT"],
        user=os.environ["AZURE_POSTGRESQL_USERNAME"],
        password=os.environ["AZURE_POSTGRESQL_PASSWORD"],
        dbname=os.environ["AZURE_POSTGRESQL_DATABASE"],
        sslmode="require" if os.environ["AZURE_POSTGRESQL_SSL"] == "true" else "disable",
    )
with connection:
    user, database = connection.execute("select current_user, current_database()").fetchone()
print(json.dumps({"user": user, "database": database}))
