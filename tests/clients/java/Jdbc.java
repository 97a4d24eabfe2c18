import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.JdbcPropertySetImpl;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import org.postgresql.Driver;

/** The JDBC drivers of PostgreSQL, MySQL and SQL Server. */
final class Jdbc {
    interface Parser {
        Map<String, Object> parse(String url, Properties signIn) throws Exception;
    }

    static Map<String, Object> postgresql(String url, Properties signIn) {
        Properties read = Driver.parseURL(url, signIn);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("host", read.getProperty("PGHOST"));
        answer.put("port", read.getProperty("PGPORT"));
        answer.put("database", read.getProperty("PGDBNAME"));
        answer.put("user", read.getProperty("user"));
        answer.put("password", read.getProperty("password"));
        answer.put("sslmode", read.getProperty("sslmode"));
        return answer;
    }

    static Map<String, Object> mysql(String url, Properties signIn) {
        HostInfo read = ConnectionUrl.getConnectionUrlInstance(url, signIn).getMainHost();
        JdbcPropertySetImpl properties = new JdbcPropertySetImpl();
        properties.initializeProperties(read.exposeAsProperties());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("host", read.getHost());
        answer.put("port", read.getPort());
        answer.put("database", read.getDatabase());
        answer.put("user", read.getUser());
        answer.put("password", read.getPassword());
        answer.put("sslMode", properties.getProperty(PropertyKey.sslMode).getStringValue());
        return answer;
    }

    /** By the driver's own parser: the public getPropertyInfo leaves out the password. */
    static Map<String, Object> sqlServer(String url, Properties signIn) throws Exception {
        Class<?> util = Class.forName(SQLServerDriver.class.getPackageName() + ".Util");
        Method parse = util.getDeclaredMethod("parseUrl", String.class, Logger.class);
        parse.setAccessible(true);
        Properties read = (Properties) parse.invoke(null, url, Logger.getAnonymousLogger());
        read.putAll(signIn);
        Map<String, Object> answer = new LinkedHashMap<>();
        for (String name : new String[] {"serverName", "portNumber", "databaseName", "user", "password",
            "authentication", "msiClientId"}) {
            answer.put(name, read.getProperty(name));
        }
        return answer;
    }

    private Jdbc() {}
}
