package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;

import org.junit.Test;

public class PortOptionsTest {

    static PortConfig config(Object... keysAndValues) {
        return (PortConfig) Proxy.newProxyInstance(PortConfig.class.getClassLoader(), new Class<?>[] {PortConfig.class}, (proxy, method, arguments) -> {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                if (keysAndValues[i].equals(method.getName().replace('_', '.'))) {
                    return keysAndValues[i + 1];
                }
            }
            return method.getDefaultValue();
        });
    }

    @Test
    public void defaultsAreAllowed() {
        PortOptions options = PortOptions.of(config(), "/home");
        assertEquals(81_920, options.headMax());
        assertEquals(-1, options.httpsPort());
        assertEquals(Path.of("/home/conf/tls"), options.certificates());
    }

    @Test
    public void badValuesNamePidKeyAndRange() {
        Object[][] rows = {{"head.max.bytes", 8191, "8192..1048576"}, {"read.bytes", 1, "4096..1048576"}, {"idle.timeout.millis", 99L, "100..86400000"},
            {"backlog", 0, "1..65535"}, {"https.port", -2, "-1..65535"}, {"https.port", 65_536, "-1..65535"},
            {"certificate.check.millis", 99L, "100..3600000"}, {"http2.max.streams", 0, "1..10000"}, {"http.target", "x", "an OSGi filter"},
            {"certificate.directory", " ", "a path"}};
        for (Object[] row : rows) {
            IllegalArgumentException e = assertThrows(row[0].toString(), IllegalArgumentException.class, () -> PortOptions.of(config(row[0], row[1]), ""));
            assertTrue(e.getMessage(), e.getMessage().startsWith("io.adit.port: " + row[0] + " must be ") && e.getMessage().contains((String) row[2]));
        }
    }
}
