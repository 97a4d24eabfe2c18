// The single variables, as node-postgres takes them.
const { Client } = require("pg");

async function main() {
  const client = new Client({
    host: process.env.AZURE_POSTGRESQL_HOST,
    port: Number(process.env.AZURE_POSTGRESQL_PORT),
    user: process.env.AZURE_POSTGRESQL_USER,
    password: process.env.AZURE_POSTGRESQL_PASSWORD,
    database: process.env.AZURE_POSTGRESQL_DATABASE,
    ssl: process.env.AZURE_POSTGRESQL_SSL === "true",
  });
  await client.connect();
  const { rows } = await client.query("select current_user as user, current_database() as database");
  console.log(JSON.stringify(rows[0]));
  await client.end();
}

main();
