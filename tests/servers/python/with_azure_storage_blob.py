"""The connection string, as azure-storage-blob takes it: a blob goes up and comes back."""

import json
import os

from azure.storage.blob import BlobServiceClient

service = BlobServiceClient.from_connection_string(os.environ["AZURE_STORAGEBLOB_CONNECTIONSTRING"])
container = service.create_container("from-python")
container.upload_blob("greeting", "from azure-storage-blob")
greeting = container.download_blob("greeting", encoding="utf-8").readall()
print(json.dumps({"greeting": greeting, "endpoint": service.primary_endpoint}))
