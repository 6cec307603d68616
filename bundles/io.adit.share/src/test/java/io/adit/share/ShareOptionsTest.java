package io.adit.share;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ShareOptionsTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    /** A configuration with the defaults but for some values, as DS makes it. */
    static ShareConfig config(Map<String, ?> values) {
        return (ShareConfig) Proxy.newProxyInstance(ShareConfig.class.getClassLoader(), new Class<?>[] {ShareConfig.class},
            (proxy, method, arguments) -> values.containsKey(key(method)) ? values.get(key(method)) : method.getDefaultValue());
    }

    private static String key(Method method) {
        return method.getName().replace('_', '.');
    }

    @Test
    public void defaults() {
        ShareOptions options = ShareOptions.of(config(Map.of("folder", temporary.getRoot().getPath())));
        assertEquals(new ShareOptions(temporary.getRoot().toPath(), List.of(), temporary.getRoot().getName(), "index.html", true,
            false, 0, 1000, 4_194_304, 16,
            65_536, 512), options);
    }

    @Test
    public void paths() {
        Object[][] table = {{"/", List.of()}, {"/files", List.of("files")}, {"/files/", List.of("files")}, {"/a/b c",
            List.of("a", "b c")}};
        for (Object[] row : table) {
            assertEquals(row[1], ShareOptions.of(config(Map.of("folder", temporary.getRoot().getPath(), "path",
                row[0]))).prefix());
        }
    }

    @Test
    public void aBadValueIsRefusedByNameAndRange() {
        Object[][] table = {{"folder", "", "exists"}, {"folder", "/no/such/folder", "exists"}, {"path", "files", "absolute"},
            {"path", "//", "absolute"},
            {"path", "/a/../b", "absolute"}, {"path", "/a/*", "absolute"}, {"index", "../a", "file name"}, {"cache.seconds", -1,
                "in 0..31536000"},
            {"entries.max", 0, "in 1..10000"}, {"preview.bytes", -1L, "in 0..1073741824"}, {"ranges.max", 101,
                "in 1..100"},
            {"buffer.bytes", 1, "in 4096..1048576"}, {"transfers.max", 0, "in 1..100000"}};
        for (Object[] row : table) {
            Map<String, Object> values = new java.util.HashMap<>(Map.of("folder", temporary.getRoot().getPath()));
            values.put((String) row[0], row[1]);
            String message = assertThrows(row[0] + "=" + row[1], IllegalArgumentException.class,
                () -> ShareOptions.of(config(values))).getMessage();
            assertTrue(message, message.startsWith("io.adit.share: " + row[0] + " must be ") && message.contains((String) row[2])
                && message.contains("'" + row[1] + "'") && !message.contains("\n"));
        }
    }
}
