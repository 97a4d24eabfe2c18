import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Connections (JSON on standard input), and what a client library understood of each (JSON on standard output). */
final class Connections {
    interface Reader {
        Object read(Map<String, String> variables) throws Exception;
    }

    record Connection(String target, String auth, String clientType, Map<String, String> variables) {}

    /** Readers by target, for all client types of Spring Boot and for all others. */
    static void answer(Map<String, Reader> springBoot, Map<String, Reader> others) throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<Object> answers = new ArrayList<>();
        for (Connection connection : json.readValue(System.in, Connection[].class)) {
            Map<String, Reader> readers = connection.clientType().endsWith("springBoot") ? springBoot : others;
            try {
                answers.add(readers.get(connection.target()).read(connection.variables()));
            } catch (Exception error) {
                answers.add(Map.of("error", error.toString()));
            }
        }
        json.writeValue(System.out, answers);
    }

    private Connections() {}
}
