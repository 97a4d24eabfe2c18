# The connection string, as pg takes it.
require "json"
require "pg"

connection = PG.connect(ENV.fetch("AZURE_POSTGRESQL_CONNECTIONSTRING"))
puts JSON.generate(connection.exec("select current_user as user, current_database() as database").first)
