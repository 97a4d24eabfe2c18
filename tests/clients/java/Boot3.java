import com.azure.spring.cloud.autoconfigure.implementation.context.AzureGlobalPropertiesAutoConfiguration;
import com.azure.spring.cloud.autoconfigure.implementation.context.properties.AzureGlobalProperties;
import com.azure.spring.cloud.autoconfigure.implementation.eventhubs.AzureEventHubsAutoConfiguration;
import com.azure.spring.cloud.autoconfigure.implementation.eventhubs.properties.AzureEventHubsProperties;
import com.azure.spring.cloud.autoconfigure.implementation.keyvault.secrets.AzureKeyVaultSecretAutoConfiguration;
import com.azure.spring.cloud.autoconfigure.implementation.keyvault.secrets.properties.AzureKeyVaultSecretProperties;
import com.azure.spring.cloud.autoconfigure.implementation.servicebus.AzureServiceBusAutoConfiguration;
import com.azure.spring.cloud.autoconfigure.implementation.servicebus.properties.AzureServiceBusProperties;
import com.azure.spring.cloud.autoconfigure.implementation.storage.blob.AzureStorageBlobAutoConfiguration;
import com.azure.spring.cloud.autoconfigure.implementation.storage.blob.properties.AzureStorageBlobProperties;
import com.azure.spring.cloud.autoconfigure.implementation.storage.fileshare.AzureStorageFileShareAutoConfiguration;
import com.azure.spring.cloud.autoconfigure.implementation.storage.fileshare.properties.AzureStorageFileShareProperties;
import com.azure.spring.cloud.autoconfigure.implementation.storage.queue.AzureStorageQueueAutoConfiguration;
import com.azure.spring.cloud.autoconfigure.implementation.storage.queue.properties.AzureStorageQueueProperties;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.boot.autoconfigure.kafka.KafkaProperties;
import org.springframework.boot.autoconfigure.mongo.MongoProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Spring Boot 3 and Spring Cloud Azure, and the drivers that they hand their properties to. */
final class Boot3 {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({DataSourceProperties.class, KafkaProperties.class, MongoProperties.class})
    static class Boot {}

    private static final String[] IDENTITY = {
        "credential.clientId", "credential.clientSecret", "credential.managedIdentityEnabled", "profile.tenantId",
    };

    static Map<String, Connections.Reader> readers() {
        Map<String, Connections.Reader> readers = new HashMap<>();
        for (String target : new String[] {"postgres", "postgres-flexible", "neon-postgres"}) {
            readers.put(target, dataSource(Jdbc::postgresql));
        }
        readers.put("mysql", dataSource(Jdbc::mysql));
        readers.put("mysql-flexible", dataSource(Jdbc::mysql));
        readers.put("sql", dataSource(Jdbc::sqlServer));
        readers.put("cosmos-mongo", Spring.applications(application -> {
            MongoProperties bound = application.getBean(MongoProperties.class);
            Map<String, Object> answer = Services.mongodb(bound.getUri());
            answer.put("database", bound.getDatabase());
            return answer;
        }, Boot.class));
        readers.put("confluent-cloud", Spring.applications(application -> {
            Map<String, Object> bound = application.getBean(KafkaProperties.class).buildConsumerProperties(null);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("servers", bound.get("bootstrap.servers"));
            answer.put("signIn", Services.jaas(bound.get("sasl.jaas.config").toString()));
            answer.put("registry", bound.get("schema.registry.url"));
            answer.put("registrySignIn", bound.get("schema.registry.basic.auth.user.info"));
            return answer;
        }, Boot.class));
        String[] storage = {"accountName", "accountKey", "endpoint"};
        readers.put("storage-blob",
                azure(AzureStorageBlobAutoConfiguration.class, AzureStorageBlobProperties.class, storage));
        readers.put("storage-queue",
                azure(AzureStorageQueueAutoConfiguration.class, AzureStorageQueueProperties.class, storage));
        readers.put("storage-file",
                azure(AzureStorageFileShareAutoConfiguration.class, AzureStorageFileShareProperties.class, storage));
        readers.put("servicebus", azure(AzureServiceBusAutoConfiguration.class, AzureServiceBusProperties.class,
                "connectionString", "namespace"));
        readers.put("eventhub", azure(AzureEventHubsAutoConfiguration.class, AzureEventHubsProperties.class,
                "connectionString", "namespace"));
        readers.put("keyvault", azure(AzureKeyVaultSecretAutoConfiguration.class, AzureKeyVaultSecretProperties.class,
                "endpoint"));
        return readers;
    }

    private static Connections.Reader dataSource(Jdbc.Parser parser) {
        return Spring.applications(application -> {
            DataSourceProperties bound = application.getBean(DataSourceProperties.class);
            Properties signIn = new Properties();
            signIn.put("user", bound.getUsername());
            if (bound.getPassword() != null) {
                signIn.put("password", bound.getPassword());
            }
            Map<String, Object> answer = parser.parse(bound.getUrl(), signIn);
            String passwordless = "spring.datasource.azure.passwordless-enabled";
            answer.put(passwordless, application.getEnvironment().getProperty(passwordless, Boolean.class));
            answer.putAll(Spring.properties(application, AzureGlobalProperties.class, IDENTITY));
            return answer;
        }, AzureGlobalPropertiesAutoConfiguration.class, Boot.class);
    }

    private static Connections.Reader azure(Class<?> configuration, Class<?> properties, String... names) {
        return Spring.applications(application -> {
            Map<String, Object> answer = Spring.properties(application, properties, names);
            answer.putAll(Spring.properties(application, properties, IDENTITY));
            return answer;
        }, AzureGlobalPropertiesAutoConfiguration.class, configuration);
    }

    private Boot3() {}
}
