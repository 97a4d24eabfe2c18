"""Reads connections (JSON on standard input) with the client libraries, and answers what each of them understood."""

import json
import sys

import azure_services
import databases
import kafka
import storage

READERS = {
    "postgres": databases.postgresql("AZURE_POSTGRESQL"),
    "postgres-flexible": databases.postgresql("AZURE_POSTGRESQL"),
    "neon-postgres": databases.postgresql("NEON_POSTGRESQL"),
    "mysql": databases.mysql,
    "mysql-flexible": databases.mysql,
    "fabric-sql": databases.odbc,
    "redis": databases.redis,
    "redis-enterprise": databases.redis,
    "mongodb-atlas": databases.mongodb,
    "storage-blob": storage.blob,
    "storage-queue": storage.queue,
    "storage-table": storage.table,
    "storage-file": storage.file,
    "cosmos-table": storage.cosmos_table,
    "cosmos-sql": azure_services.cosmos,
    "servicebus": azure_services.service_bus,
    "eventhub": azure_services.event_hub,
    "appconfig": azure_services.app_configuration,
    "webpubsub": azure_services.web_pub_sub,
    "openai": azure_services.openai,
    "confluent-cloud": kafka.confluent,
}


def read(connection):
    try:
        return READERS[connection["target"]](connection["variables"])
    except Exception as error:  # one connection that cannot be read is the answer for it, not the end
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    json.dump([read(connection) for connection in json.load(sys.stdin)], sys.stdout)
