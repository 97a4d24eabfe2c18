import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** An application of Spring Boot that gets a Secret as files, and one that gets it as environment variables. */
final class Spring {
    interface Question {
        Object ask(ConfigurableApplicationContext application) throws Exception;
    }

    /** A reader that starts both applications with these configurations and asks each the question. */
    static Connections.Reader applications(Question question, Class<?>... configurations) {
        return variables -> {
            Map<String, Object> answers = new LinkedHashMap<>();
            answers.put("files", withFiles(variables, question, configurations));
            answers.put("environment", withEnvironment(variables, question, configurations));
            return answers;
        };
    }

    /** The values of these properties of a bean; nested ones have dots. */
    static Map<String, Object> properties(ConfigurableApplicationContext application, Class<?> bean, String... names) {
        BeanWrapperImpl wrapper = new BeanWrapperImpl(application.getBean(bean));
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : names) {
            values.put(name, wrapper.getPropertyValue(name));
        }
        return values;
    }

    private static Object withFiles(Map<String, String> variables, Question question, Class<?>... configurations)
            throws Exception {
        Path mounted = Files.createTempDirectory("secret");
        try {
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                Files.writeString(mounted.resolve(variable.getKey()), variable.getValue());
            }
            return ask(new StandardEnvironment(), "configtree:" + mounted + "/", question, configurations);
        } finally {
            for (String name : variables.keySet()) {
                Files.deleteIfExists(mounted.resolve(name));
            }
            Files.delete(mounted);
        }
    }

    private static Object withEnvironment(Map<String, String> variables, Question question, Class<?>... configurations)
            throws Exception {
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        Map<String, Object> values = Map.copyOf(variables);
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, values));
        return ask(environment, "", question, configurations);
    }

    private static Object ask(StandardEnvironment environment, String imported, Question question, Class<?>... sources)
            throws Exception {
        // lazily, as it is the properties that are asked for, and not the clients that are made of them
        SpringApplicationBuilder builder = new SpringApplicationBuilder(sources)
                .environment(environment)
                .web(WebApplicationType.NONE)
                .lazyInitialization(true)
                .logStartupInfo(false)
                .properties("spring.config.import=" + imported, "spring.main.banner-mode=off");
        try (ConfigurableApplicationContext application = builder.run()) {
            return question.ask(application);
        }
    }

    private Spring() {}
}
