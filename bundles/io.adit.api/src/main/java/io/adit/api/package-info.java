/**
 * What the bundles of Adit say to each other: streams, sessions, peers, registration, events.
 * JDK only; no implementation that could need an update.
 */
@Export
@Version("1.0.0")
package io.adit.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
