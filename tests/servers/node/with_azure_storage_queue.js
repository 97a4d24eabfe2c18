// The connection string, as @azure/storage-queue takes it: a message goes in and comes out.
const { QueueServiceClient } = require("@azure/storage-queue");

async function main() {
  const service = QueueServiceClient.fromConnectionString(process.env.AZURE_STORAGEQUEUE_CONNECTIONSTRING);
  const queue = service.getQueueClient("from-node");
  await queue.create();
  await queue.sendMessage("from @azure/storage-queue");
  const { receivedMessageItems } = await queue.receiveMessages();
  console.log(JSON.stringify({ greeting: receivedMessageItems[0].messageText, endpoint: service.url }));
}

main();
