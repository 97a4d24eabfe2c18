// The connection string, as @azure/storage-blob takes it: a blob goes up and comes back.
const { BlobServiceClient } = require("@azure/storage-blob");

async function main() {
  const service = BlobServiceClient.fromConnectionString(process.env.AZURE_STORAGEBLOB_CONNECTIONSTRING);
  const { containerClient } = await service.createContainer("from-node");
  const blob = containerClient.getBlockBlobClient("greeting");
  const text = "from @azure/storage-blob";
  await blob.upload(text, text.length);
  const greeting = (await blob.downloadToBuffer()).toString();
  console.log(JSON.stringify({ greeting, endpoint: service.url }));
}

main();
