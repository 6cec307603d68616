package io.adit.share;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;

import org.junit.Test;

public class ContentTypesTest {

    @Test
    public void knowsWhatBrowsersInsistOn() {
        String[][] table = {
            {"index.html", "text/html; charset=utf-8"}, {"INDEX.HTM", "text/html; charset=utf-8"}, {"a.mjs",
                "text/javascript; charset=utf-8"},
            {"a.css", "text/css; charset=utf-8"}, {"README.md", "text/plain; charset=utf-8"}, {"a.json", "application/json"},
                {"a.wasm", "application/wasm"},
            {"a.webp", "image/webp"}, {"a.avif", "image/avif"}, {"a.svg", "image/svg+xml"}, {"a.woff2", "font/woff2"}, {"a.mp4",
                "video/mp4"},
            {"a.webm", "video/webm"}, {"a.mp3", "audio/mpeg"}, {"a.flac", "audio/flac"}, {"a.tar.gz", "application/gzip"},
                {"a.pdf", "application/pdf"},
            {"a.txt", "text/plain; charset=utf-8"}, {"noExtension", "application/octet-stream"}, {"a.unknown-thing",
                "application/octet-stream"},
            {"dot.", "application/octet-stream"},
        };
        for (String[] row : table) {
            assertEquals(row[0], row[1], ContentTypes.of(Path.of(row[0])));
        }
    }
}
