package io.adit.console;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Map;

import org.junit.Test;

public class QrTest {

    @Test
    public void qrCodesAreDrawnAsOnePath() throws Exception {
        Map<String, Object> code = Qr.of("http://demo.localhost/");
        assertEquals("version 2, and the quiet zone", 25 + 8, code.get("size"));
        // the finder pattern's first row: seven dark modules
        assertTrue((String) code.get("path"), ((String) code.get("path")).startsWith("M4 4h7v1h-7z"));
    }
}
