// pg, mysql2, tedious, ioredis and the MongoDB driver.
"use strict";

function postgresql(prefix) {
  return (variables) => {
    const { Client } = require("pg");
    const { connectionParameters: read } = new Client({
      host: variables[`${prefix}_HOST`],
      port: variables[`${prefix}_PORT`],
      database: variables[`${prefix}_DATABASE`],
      user: variables[`${prefix}_USER`],
      password: variables[`${prefix}_PASSWORD`],
      ssl: variables[`${prefix}_SSL`] === "true",
    });
    const { host, port, database, user, password, ssl } = read;
    return { host, port, database, user, password, tls: ssl };
  };
}

function mysql(variables) {
  // a pool, as it opens no connection before it is asked for one
  const pool = require("mysql2").createPool({
    host: variables.AZURE_MYSQL_HOST,
    port: variables.AZURE_MYSQL_PORT,
    database: variables.AZURE_MYSQL_DATABASE,
    user: variables.AZURE_MYSQL_USER,
    password: variables.AZURE_MYSQL_PASSWORD,
    ssl: variables.AZURE_MYSQL_SSL === "true" ? {} : undefined,
  });
  const { host, port, database, user, password, ssl } = pool.config.connectionConfig;
  return { host, port, database, user, password, tls: Boolean(ssl) };
}

function sqlServer(variables) {
  const { Connection } = require("tedious");
  const type = variables.AZURE_SQL_AUTHENTICATIONTYPE;
  const { config } = new Connection({
    server: variables.AZURE_SQL_SERVER,
    authentication: type
      ? { type, options: { clientId: variables.AZURE_SQL_CLIENTID } }
      : {
          type: "default",
          options: { userName: variables.AZURE_SQL_USERNAME, password: variables.AZURE_SQL_PASSWORD },
        },
    options: { port: Number(variables.AZURE_SQL_PORT), database: variables.AZURE_SQL_DATABASE },
  });
  const { port, database } = config.options;
  return { host: config.server, port, database, authentication: config.authentication };
}

function redis(variables) {
  const { Redis } = require("ioredis");
  const { options } = new Redis(variables.AZURE_REDIS_CONNECTIONSTRING, { lazyConnect: true });
  const { host, port, db, username, password, tls } = options;
  return { host, port, database: db, user: username, password, tls: Boolean(tls) };
}

function mongodb(variables) {
  const { MongoClient } = require("mongodb");
  const text = variables.AZURE_COSMOS_CONNECTIONSTRING ?? variables.MONGODBATLAS_CLUSTER_CONNECTIONSTRING;
  const { options } = new MongoClient(text);
  const { hosts, srvHost, credentials, replicaSet, appName, retryWrites, writeConcern, tls } = options;
  return {
    // a cluster's hosts are looked up when it connects
    hosts: srvHost ? [srvHost] : hosts.map(String),
    user: credentials.username,
    password: credentials.password,
    replicaSet,
    application: appName,
    retryWrites,
    writeConcern: writeConcern?.w,
    tls,
  };
}

module.exports = { mongodb, mysql, postgresql, redis, sqlServer };
