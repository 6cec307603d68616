/**
 * The structured packets of the wire and the SPI of a codec version that turns them into bytes and back.
 */
@Export(substitution = Export.Substitution.NOIMPORT) // after an update those who are wired to the old one see nothing of the new one
@Version("1.0.0")
package io.adit.api.packet;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
