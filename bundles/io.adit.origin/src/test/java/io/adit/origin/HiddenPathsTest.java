package io.adit.origin;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;

import org.junit.Test;

public class HiddenPathsTest {

    private final HiddenPaths console = HiddenPaths.parse("/system/console, /metrics");

    @Test
    public void whateverLeadsThereIsHidden() {
        for (String target : List.of("/system/console", "/system/console/", "/system/console/bundles", "/system/console?a=b", "/system/console;x=1/bundles",
            "/system;a/console", "//system//console", "/%73ystem/console", "/system%2fconsole", "/system/%2e%2e/system/console", "/a/../system/console",
            "/a/..;x/system/console", "/system/./console", "/system//../console", "/system\\console", "http://h:1/system/console", "/metrics")) {
            assertTrue(target, console.hide(target));
        }
    }

    @Test
    public void nothingElseIs() {
        for (String target : List.of("/", "*", "/system", "/system/consoles", "/a/system/console", "/system/console/../x", "/?p=/system/console", "/%", "/%zz",
            "/SYSTEM/console", "/metricsx")) {
            assertFalse(target, console.hide(target));
        }
        assertFalse(HiddenPaths.parse("").hide("/system/console"));
    }
}
