import java.sql.DriverManager;

/** The URL as JDBC takes it, with springBoot's user and password beside it. Prints what the query, its argument, answers. */
final class WithJdbc {
  public static void main(String[] arguments) throws Exception {
    var secret = System.getenv();
    var url = secret.values().stream().filter(value -> value.startsWith("jdbc:")).findFirst().orElseThrow();
    var username = secret.get("spring.datasource.username");
    var password = secret.get("spring.datasource.password");
    try (var connection = DriverManager.getConnection(url, username, password);
        var rows = connection.createStatement().executeQuery(arguments[0])) {
      rows.next();
      System.out.println(rows.getString(1));
    }
  }
}
