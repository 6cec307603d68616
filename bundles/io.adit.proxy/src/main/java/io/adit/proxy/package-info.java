/**
 * The HTTP whiteboard endpoint: a browser's request is one stream to its peer.
 *
 * <p>{@link io.adit.proxy.ProxyServlet} makes each request an {@link io.adit.proxy.Exchange} (Jetty's objects behind our interface), and
 * {@link io.adit.proxy.Relay} runs its course. No thread waits anywhere.
 */
package io.adit.proxy;
