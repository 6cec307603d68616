package io.adit.registry;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Properties;

/**
 * What a linked proxy keeps of its registration server (PROTOCOL T7): the key of its tickets, and the name that it has there. Thread-safety:
 * immutable.
 */
record RegistrarKey(PublicKey key, String proxy) {

    /** @throws IOException with one line that names the file, when it cannot be read */
    static RegistrarKey read(Path file) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        try {
            return new RegistrarKey(TicketKey.parse(properties.getProperty("public", "")), properties.getProperty("proxy", ""));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold the key of a registration server", e);
        }
    }

    void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("public", java.util.HexFormat.of().formatHex(key.getEncoded()));
        properties.setProperty("proxy", proxy);
        StringWriter text = new StringWriter();
        properties.store(text, "of the registration server; written when the proxy is linked");
        OwnerFile.write(file, text.toString());
    }
}
