import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Which client library reads the connections to which target. */
public final class Main {
    public static void main(String[] arguments) throws Exception {
        Map<String, Connections.Reader> readers = new HashMap<>();
        readers.put("postgres", jdbc("AZURE_POSTGRESQL_CONNECTIONSTRING", Jdbc::postgresql));
        readers.put("postgres-flexible", jdbc("AZURE_POSTGRESQL_CONNECTIONSTRING", Jdbc::postgresql));
        readers.put("neon-postgres", jdbc("NEON_POSTGRESQL_CONNECTIONSTRING", Jdbc::postgresql));
        readers.put("mysql", jdbc("AZURE_MYSQL_CONNECTIONSTRING", Jdbc::mysql));
        readers.put("mysql-flexible", jdbc("AZURE_MYSQL_CONNECTIONSTRING", Jdbc::mysql));
        readers.put("sql", jdbc("AZURE_SQL_CONNECTIONSTRING", Jdbc::sqlServer));
        readers.put("fabric-sql", jdbc("FABRIC_SQL_CONNECTIONSTRING", Jdbc::sqlServer));
        readers.put("cosmos-mongo", variables -> Services.mongodb(variables.get("AZURE_COSMOS_CONNECTIONSTRING")));
        readers.put("mongodb-atlas", variables -> {
            String url = variables.get("MONGODBATLAS_CLUSTER_CONNECTIONSTRING");
            // MongoDB's JDBC driver too hands on what stands behind its prefix
            return Services.mongodb(url.replaceFirst("^jdbc:", ""));
        });
        readers.put("redis", variables -> Services.redis(variables.get("AZURE_REDIS_CONNECTIONSTRING")));
        readers.put("redis-enterprise", readers.get("redis"));
        readers.put("storage-blob", variables -> Services.storage(variables.get("AZURE_STORAGEBLOB_CONNECTIONSTRING")));
        readers.put("storage-queue",
                variables -> Services.storage(variables.get("AZURE_STORAGEQUEUE_CONNECTIONSTRING")));
        readers.put("storage-file", variables -> Services.storage(variables.get("AZURE_STORAGEFILE_CONNECTIONSTRING")));
        readers.put("servicebus", variables -> Services.messaging(variables.get("AZURE_SERVICEBUS_CONNECTIONSTRING")));
        readers.put("eventhub", variables -> Services.messaging(variables.get("AZURE_EVENTHUB_CONNECTIONSTRING")));
        readers.put("confluent-cloud", variables -> Services.jaas(variables.get("CONFLUENTCLOUD_KAFKA_SASLCONFIG")));
        Connections.answer(Boot3.readers(), readers);
    }

    private static Connections.Reader jdbc(String variable, Jdbc.Parser parser) {
        return variables -> parser.parse(variables.get(variable), new Properties());
    }

    private Main() {}
}
