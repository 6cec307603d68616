/**
 * What has to live as long as Jetty's server does, so that {@code io.adit.port} can be replaced while requests run: the connector with its
 * socket and its connections, and what those refer to. It is in a fragment of Jetty's server and knows nothing else of ours.
 */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.adit.jetty;
