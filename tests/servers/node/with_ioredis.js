// The URL, as ioredis takes it.
const Redis = require("ioredis");

async function main() {
  const client = new Redis(process.env.AZURE_REDIS_CONNECTIONSTRING, { retryStrategy: null });
  await client.set("greeting", "from ioredis");
  const [, database] = / db=(\d+) /.exec(await client.client("INFO"));
  console.log(JSON.stringify({ greeting: await client.get("greeting"), database }));
  await client.quit();
}

main();
