"""The connection string, as azure-data-tables takes it: an entity is stored and read."""

import json
import os

from azure.data.tables import TableServiceClient

service = TableServiceClient.from_connection_string(os.environ["AZURE_STORAGETABLE_CONNECTIONSTRING"])
table = service.create_table("frompython")
table.create_entity({"PartitionKey": "a", "RowKey": "b", "greeting": "from azure-data-tables"})
print(json.dumps({"greeting": table.get_entity("a", "b")["greeting"], "endpoint": service.url}))
