# The single variables, as mysql2 takes them. The mysql2 0.5.3 of Debian 12 is built with MariaDB's library and then
# ignores ssl_mode: it encrypts once it has an authority to trust.
require "json"
require "mysql2"

connection = Mysql2::Client.new(
  host: ENV.fetch("AZURE_MYSQL_HOST"),
  username: ENV.fetch("AZURE_MYSQL_USERNAME"),
  password: ENV.fetch("AZURE_MYSQL_PASSWORD"),
  database: ENV.fetch("AZURE_MYSQL_DATABASE"),
  ssl_mode: ENV.fetch("AZURE_MYSQL_SSLMODE"),
  sslca: ENV.fetch("SSL_CERT_FILE"),
)
puts JSON.generate(connection.query("select current_user() as user, database() as `database`").first)
