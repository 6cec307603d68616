package io.adit.acceptor;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** PID {@code io.adit.acceptor}. */
@ObjectClassDefinition(name = "%acceptor.name", description = "%acceptor.description", localization = "OSGI-INF/l10n/acceptor")
@interface AcceptorConfiguration {

    @AttributeDefinition(name = "%bind", description = "%bind.description", required = false)
    String bind_address() default "127.0.0.1";

    @AttributeDefinition(name = "%port", description = "%port.description", min = "0", max = "65535", required = false)
    int port() default 7443;

    @AttributeDefinition(name = "%tls", description = "%tls.description", required = false)
    boolean tls() default true;

    @AttributeDefinition(name = "%advertise", description = "%advertise.description", required = false)
    String advertise() default "";

    @AttributeDefinition(name = "%certificate", description = "%certificate.description", required = false)
    String certificate_file() default "data/tunnel.crt";

    @AttributeDefinition(name = "%key", description = "%key.description", required = false)
    String key_file() default "data/tunnel.key";

    @AttributeDefinition(name = "%handshakes", description = "%handshakes.description", min = "1", max = "100000", required = false)
    int max_handshakes() default 512;

    @AttributeDefinition(name = "%atOnce", description = "%atOnce.description", min = "1", max = "100000", required = false)
    int handshakes_at_once() default 64;

    @AttributeDefinition(name = "%handshakeWait", description = "%handshakeWait.description", min = "100", max = "120000", required = false)
    int handshake_wait_millis() default 4000;

    @AttributeDefinition(name = "%backlog", description = "%backlog.description", min = "1", max = "65535", required = false)
    int backlog() default 1024;

    @AttributeDefinition(name = "%registryTimeout", description = "%registryTimeout.description", min = "0", max = "60000", required = false)
    int registry_timeout_millis() default 5000;

    @AttributeDefinition(name = "%drainTimeout", description = "%drainTimeout.description", min = "0", max = "600000", required = false)
    int drain_timeout_millis() default 5000;
}
