/**
 * The way from a stream to the local web server. Nothing here is exported.
 *
 * <p>How a request travels: {@link io.adit.origin.OriginComponent} knows where the origin is, {@link io.adit.origin.OriginClient} keeps Jetty's
 * client and the exchanges that run, and an {@link io.adit.origin.Exchange} is one request with its response: {@link io.adit.origin.OriginRequest}
 * and {@link io.adit.origin.Head} write it as it came, {@link io.adit.origin.RequestBody} feeds it, {@link io.adit.origin.ResponsePump} moves the
 * answer back, and {@link io.adit.origin.RawRelay} takes over after 101. No thread waits anywhere: each step is the completion of another.
 */
package io.adit.origin;
