/** The engine's face towards the acceptor and the connector: the tunnel service and the transport SPI. */
@Export
@Version("1.0.0")
package io.adit.tunnel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
