"""psycopg (libpq), MySQL Connector/Python, mssql-python, redis-py and PyMongo."""


def postgresql(prefix):
    def read(variables):
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        text = variables.get(f"{prefix}_CONNECTIONSTRING")
        if text is None:  # django's settings: its backend hands them to psycopg as keywords
            text = make_conninfo(
                host=variables[f"{prefix}_HOST"],
                dbname=variables[f"{prefix}_NAME"],
                user=variables[f"{prefix}_USER"],
                password=variables.get(f"{prefix}_PASSWORD"),
            )
        return conninfo_to_dict(text)

    return read


def mysql(variables):
    from mysql.connector.connection import MySQLConnection

    connection = MySQLConnection()
    connection.config(
        host=variables["AZURE_MYSQL_HOST"],
        database=variables["AZURE_MYSQL_NAME"],
        user=variables["AZURE_MYSQL_USER"],
        password=variables["AZURE_MYSQL_PASSWORD"],
    )
    return {
        "host": connection.server_host,
        "port": connection.server_port,
        "database": connection._database,
        "user": connection.user,
        "password": connection._password,
    }


def odbc(variables):
    # its connect() wants no Driver, as it brings its own; pyodbc, which wants one, parses nothing without a server
    from mssql_python.connection_string_parser import _ConnectionStringParser

    return _ConnectionStringParser()._parse(variables["FABRIC_SQL_CONNECTIONSTRING"])


def redis(variables):
    import redis

    pool = redis.from_url(variables["AZURE_REDIS_CONNECTIONSTRING"]).connection_pool
    options = pool.connection_kwargs
    return {
        "host": options["host"],
        "port": options["port"],
        "database": options["db"],
        "user": options.get("username"),
        "password": options["password"],
        "tls": issubclass(pool.connection_class, redis.SSLConnection),
    }


def mongodb(variables):
    from pymongo import MongoClient

    # unconnected, since it would look the cluster's hosts up
    client = MongoClient(variables["MONGODBATLAS_CLUSTER_CONNECTIONSTRING"], connect=False)
    credentials = client.options.pool_options._credentials
    return {
        "host": client._resolve_srv_info["fqdn"],
        "user": credentials.username,
        "password": credentials.password,
        "application": client.options.pool_options.appname,
        "retryWrites": client.options.retry_writes,
        "writeConcern": client.options.write_concern.document,
    }
