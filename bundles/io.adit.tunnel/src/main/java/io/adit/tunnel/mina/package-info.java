/** The MINA transport. */
@Export
@Version("1.2.0")
package io.adit.tunnel.mina;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
