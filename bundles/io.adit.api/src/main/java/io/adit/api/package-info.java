/**
 * What the bundles of Adit say to each other: streams, sessions, peers, registration, events.
 * JDK only; no implementation that could need an update, and one service that says that the bundle runs.
 */
@Export(substitution = Export.Substitution.NOIMPORT) // after an update those who are wired to the old one see nothing of the new one
@Version("1.0.0")
package io.adit.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
