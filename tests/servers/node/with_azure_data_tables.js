// The connection string, as @azure/data-tables takes it: an entity is stored and read.
const { TableClient } = require("@azure/data-tables");

async function main() {
  const table = TableClient.fromConnectionString(process.env.AZURE_STORAGETABLE_CONNECTIONSTRING, "fromnode");
  await table.createTable();
  await table.createEntity({ partitionKey: "a", rowKey: "b", greeting: "from @azure/data-tables" });
  const { greeting } = await table.getEntity("a", "b");
  console.log(JSON.stringify({ greeting, endpoint: table.url }));
}

main();
