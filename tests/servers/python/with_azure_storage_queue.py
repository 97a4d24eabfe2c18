"""The connection string, as azure-storage-queue takes it: a message goes in and comes out."""

import json
import os

from azure.storage.queue import QueueServiceClient

service = QueueServiceClient.from_connection_string(os.environ["AZURE_STORAGEQUEUE_CONNECTIONSTRING"])
queue = service.create_queue("from-python")
queue.send_message("from azure-storage-queue")
print(json.dumps({"greeting": queue.receive_message().content, "endpoint": service.primary_endpoint}))
