"""The single variables, of python or of none, as MySQL Connector/Python takes them."""

import json
import os

import mysql.connector

if "AZURE_MYSQL_NAME" in os.environ:
    options = {"user": os.environ["AZURE_MYSQL_USER"], "database": os.environ["AZURE_MYSQL_NAME"]}
else:
    options = {
        "user": os.environ["AZURE_MYSQL_USERNAME"],
        "database": os.environ["AZURE_MYSQL_DATABASE"],
        "port": int(os.environ["AZURE_MYSQL_PORT"]),
        "ssl_disabled": os.environ["AZURE_MYSQL_SSL"] != "true",
    }
connection = mysql.connector.connect(
    host=os.environ["AZURE_MYSQL_HOST"], password=os.environ["AZURE_MYSQL_PASSWORD"], **options
)
with connection, connection.cursor() as cursor:
    cursor.execute("select current_user(), database()")
    user, database = cursor.fetchone()
print(json.dumps({"user": user, "database": database}))
