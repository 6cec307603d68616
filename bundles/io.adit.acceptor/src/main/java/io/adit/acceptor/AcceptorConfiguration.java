package io.adit.acceptor;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** PID {@code io.adit.acceptor}. */
@ObjectClassDefinition(localization = "OSGI-INF/l10n/io.adit.acceptor", name = "%ocd.name", description = "%ocd.description")
@interface AcceptorConfiguration {

    @AttributeDefinition(name = "%bind.address.name", description = "%bind.address.description", required = false)
    @Format(pattern = "|" + Formats.HOST_OR_ADDRESS, is = "an address of this machine")
    String bind_address() default "127.0.0.1";

    @AttributeDefinition(name = "%port.name", description = "%port.description", min = "0", max = "65535", required = false)
    int port() default 7443;

    @AttributeDefinition(name = "%tls.name", description = "%tls.description", required = false)
    boolean tls() default true;

    @AttributeDefinition(name = "%advertise.name", description = "%advertise.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.HOST_IN_URL + ":" + Formats.PORT + ")?" + Formats.BLANKS,
        is = "HOST:PORT, with an IPv6 address in brackets, or empty")
    String advertise() default "";

    @AttributeDefinition(name = "%certificate.file.name", description = "%certificate.file.description", required = false)
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String certificate_file() default "data/tunnel.crt";

    @AttributeDefinition(name = "%key.file.name", description = "%key.file.description", required = false)
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String key_file() default "data/tunnel.key";

    @AttributeDefinition(name = "%max.handshakes.name", description = "%max.handshakes.description", min = "1", max = "100000", required = false)
    int max_handshakes() default 512;

    @AttributeDefinition(name = "%handshakes.at.once.name", description = "%handshakes.at.once.description", min = "1", max = "100000", required = false)
    int handshakes_at_once() default 64;

    @AttributeDefinition(name = "%handshake.wait.millis.name", description = "%handshake.wait.millis.description", min = "100", max = "120000", required = false)
    int handshake_wait_millis() default 4000;

    @AttributeDefinition(name = "%backlog.name", description = "%backlog.description", min = "1", max = "65535", required = false)
    int backlog() default 1024;

    @AttributeDefinition(name = "%registry.timeout.millis.name", description = "%registry.timeout.millis.description", min = "0", max = "60000", required = false)
    int registry_timeout_millis() default 5000;

    @AttributeDefinition(name = "%drain.timeout.millis.name", description = "%drain.timeout.millis.description", min = "0", max = "600000", required = false)
    int drain_timeout_millis() default 5000;
}
