/** The MINA transport. */
@Export
@Version("1.1.0")
package io.adit.tunnel.mina;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
