"""The clients of Azure Storage, and of the tables of Cosmos DB."""


def _account(client):
    return {"account": client.account_name, "url": client.url, "key": client.credential.account_key}


def blob(variables):
    from azure.storage.blob import BlobServiceClient

    if endpoint := variables.get("AZURE_STORAGEBLOB_RESOURCEENDPOINT"):
        client = BlobServiceClient(endpoint)
        return {"account": client.account_name, "url": client.url}
    return _account(BlobServiceClient.from_connection_string(variables["AZURE_STORAGEBLOB_CONNECTIONSTRING"]))


def queue(variables):
    from azure.storage.queue import QueueServiceClient

    return _account(QueueServiceClient.from_connection_string(variables["AZURE_STORAGEQUEUE_CONNECTIONSTRING"]))


def file(variables):
    from azure.storage.fileshare import ShareServiceClient

    return _account(ShareServiceClient.from_connection_string(variables["AZURE_STORAGEFILE_CONNECTIONSTRING"]))


def _tables(text):
    from azure.data.tables import TableServiceClient

    client = TableServiceClient.from_connection_string(text)
    return {"account": client.credential.named_key.name, "url": client.url, "key": client.credential.named_key.key}


def table(variables):
    return _tables(variables["AZURE_STORAGETABLE_CONNECTIONSTRING"])


def cosmos_table(variables):
    return _tables(variables["AZURE_COSMOS_CONNECTIONSTRING"])
