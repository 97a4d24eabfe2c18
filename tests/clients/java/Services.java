import com.azure.core.amqp.implementation.ConnectionStringProperties;
import com.azure.core.util.logging.ClientLogger;
import com.azure.storage.common.implementation.connectionstring.StorageConnectionString;
import com.mongodb.ConnectionString;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import redis.clients.jedis.util.JedisURIHelper;

/** Clients that are no JDBC drivers. */
final class Services {
    static Map<String, Object> mongodb(String text) {
        // the driver looks up the TXT record of a cluster while it reads the string; this one has none
        ConnectionString read = new ConnectionString(text, (name, type) -> List.of());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("hosts", read.getHosts());
        answer.put("user", read.getUsername());
        answer.put("password", new String(read.getPassword()));
        answer.put("replicaSet", read.getRequiredReplicaSetName());
        answer.put("application", read.getApplicationName());
        answer.put("retryWrites", read.getRetryWritesValue());
        answer.put("tls", read.getSslEnabled());
        return answer;
    }

    static Map<String, Object> redis(String text) {
        URI uri = URI.create(text);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("address", JedisURIHelper.getHostAndPort(uri).toString());
        answer.put("database", JedisURIHelper.getDBIndex(uri));
        answer.put("user", JedisURIHelper.getUser(uri));
        answer.put("password", JedisURIHelper.getPassword(uri));
        answer.put("tls", JedisURIHelper.isRedisSSLScheme(uri));
        return answer;
    }

    /** The sign-in module and its options, as a Kafka client takes them from sasl.jaas.config. */
    static Map<String, Object> jaas(String text) {
        JaasContext read = JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(text)));
        var entry = read.configurationEntries().get(0);
        return Map.of("module", entry.getLoginModuleName(), "options", entry.getOptions());
    }

    static Map<String, Object> storage(String text) {
        StorageConnectionString read = StorageConnectionString.create(text, new ClientLogger(Services.class));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("account", read.getAccountName());
        answer.put("key", read.getStorageAuthSettings().getAccount().getAccessKey());
        answer.put("blob", read.getBlobEndpoint().getPrimaryUri());
        answer.put("file", read.getFileEndpoint().getPrimaryUri());
        answer.put("queue", read.getQueueEndpoint().getPrimaryUri());
        return answer;
    }

    static Map<String, Object> messaging(String text) {
        ConnectionStringProperties read = new ConnectionStringProperties(text);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("endpoint", read.getEndpoint().toString());
        answer.put("keyName", read.getSharedAccessKeyName());
        answer.put("key", read.getSharedAccessKey());
        return answer;
    }

    private Services() {}
}
