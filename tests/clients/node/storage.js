// The clients of Azure Storage, and of the tables of Cosmos DB.
"use strict";

const { signedRequest } = require("./request");

function account(client) {
  return { account: client.accountName, url: client.url, key: client.credential.accountKey.toString("base64") };
}

function blob(variables) {
  const { BlobServiceClient } = require("@azure/storage-blob");
  if (variables.AZURE_STORAGEBLOB_RESOURCEENDPOINT) {
    const client = new BlobServiceClient(variables.AZURE_STORAGEBLOB_RESOURCEENDPOINT);
    return { account: client.accountName, url: client.url };
  }
  return account(BlobServiceClient.fromConnectionString(variables.AZURE_STORAGEBLOB_CONNECTIONSTRING));
}

function queue(variables) {
  const { QueueServiceClient } = require("@azure/storage-queue");
  return account(QueueServiceClient.fromConnectionString(variables.AZURE_STORAGEQUEUE_CONNECTIONSTRING));
}

function file(variables) {
  const { ShareServiceClient } = require("@azure/storage-file-share");
  return account(ShareServiceClient.fromConnectionString(variables.AZURE_STORAGEFILE_CONNECTIONSTRING));
}

async function tables(text) {
  const { TableServiceClient } = require("@azure/data-tables");
  const request = await signedRequest((options) =>
    TableServiceClient.fromConnectionString(text, options).getProperties(),
  );
  const [, account] = /^SharedKeyLite ([^:]+):/.exec(request.headers.get("authorization"));
  return { account, origin: new URL(request.url).origin };
}

const table = (variables) => tables(variables.AZURE_STORAGETABLE_CONNECTIONSTRING);
const cosmosTable = (variables) => tables(variables.AZURE_COSMOS_CONNECTIONSTRING);

module.exports = { blob, cosmosTable, file, queue, table };
