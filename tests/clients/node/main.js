// Reads connections (JSON on standard input) with the client libraries, and answers what each of them understood.
"use strict";

const { readFileSync } = require("node:fs");

const azure = require("./azure");
const databases = require("./databases");
const storage = require("./storage");

const readers = {
  "postgres": databases.postgresql("AZURE_POSTGRESQL"),
  "postgres-flexible": databases.postgresql("AZURE_POSTGRESQL"),
  "neon-postgres": databases.postgresql("NEON_POSTGRESQL"),
  "mysql": databases.mysql,
  "mysql-flexible": databases.mysql,
  "sql": databases.sqlServer,
  "redis": databases.redis,
  "redis-enterprise": databases.redis,
  "cosmos-mongo": databases.mongodb,
  "mongodb-atlas": databases.mongodb,
  "storage-blob": storage.blob,
  "storage-queue": storage.queue,
  "storage-file": storage.file,
  "storage-table": storage.table,
  "cosmos-table": storage.cosmosTable,
  "cosmos-sql": azure.cosmos,
  "servicebus": azure.serviceBus,
  "eventhub": azure.eventHub,
  "appconfig": azure.appConfiguration,
  "webpubsub": azure.webPubSub,
};

async function read({ target, variables }) {
  try {
    return await readers[target](variables);
  } catch (error) {
    return { error: String(error) };
  }
}

Promise.all(JSON.parse(readFileSync(0, "utf8")).map(read)).then((answers) => {
  // a pool or a client may keep the process alive
  process.stdout.write(JSON.stringify(answers), () => process.exit());
});
