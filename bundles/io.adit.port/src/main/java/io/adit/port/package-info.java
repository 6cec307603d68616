/**
 * The public port: takes the place of the connector of the one Felix HTTP server that carries tunnel traffic. What Jetty's own connector
 * lets pass or changes, and a gateway may not, ends here; so do HTTPS, HTTP/2 and the PROXY protocol. It knows Jetty and Felix HTTP only,
 * no tunnel, and imports nothing of the other bundles of ours, so that it holds the visitors while those are exchanged.
 */
package io.adit.port;
