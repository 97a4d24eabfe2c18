// The single variables, as mysql2 takes them.
const mysql = require("mysql2/promise");

async function main() {
  const connection = await mysql.createConnection({
    host: process.env.AZURE_MYSQL_HOST,
    port: Number(process.env.AZURE_MYSQL_PORT),
    user: process.env.AZURE_MYSQL_USER,
    password: process.env.AZURE_MYSQL_PASSWORD,
    database: process.env.AZURE_MYSQL_DATABASE,
    ssl: process.env.AZURE_MYSQL_SSL === "true" ? {} : undefined,
  });
  const [rows] = await connection.query("select current_user() as user, database() as `database`");
  console.log(JSON.stringify(rows[0]));
  await connection.end();
}

main();
