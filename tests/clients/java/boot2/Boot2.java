import java.util.Map;
import org.springframework.boot.autoconfigure.cassandra.CassandraProperties;
import org.springframework.boot.autoconfigure.data.redis.RedisProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Spring Boot 2, for the keys that Spring Boot 3 has renamed. */
public final class Boot2 {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({CassandraProperties.class, RedisProperties.class})
    static class Boot {}

    public static void main(String[] arguments) throws Exception {
        Connections.Reader redis = Spring.applications(application ->
                Spring.properties(application, RedisProperties.class, "host", "port", "database", "password", "ssl"),
                Boot.class);
        Connections.Reader cassandra = Spring.applications(application ->
                Spring.properties(application, CassandraProperties.class, "contactPoints", "port", "keyspaceName",
                        "username", "password", "localDatacenter", "ssl"),
                Boot.class);
        Connections.answer(
                Map.of("redis", redis, "redis-enterprise", redis, "cosmos-cassandra", cassandra), Map.of());
    }

    private Boot2() {}
}
