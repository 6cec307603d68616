/**
 * A web server for one folder, as an OSGi HTTP Whiteboard servlet. Nothing here is exported.
 *
 * <p>How a request travels: {@link io.adit.share.ShareServlet} asks {@link io.adit.share.UrlPath} for the decoded segments,
 * {@link io.adit.share.Folder} for the file they name (and nothing outside the folder), {@link io.adit.share.Conditions} and
 * {@link io.adit.share.Ranges} for what RFC 9110 wants to be sent, and hands the bytes to {@link io.adit.share.Transfer}, which
 * sends them as fast as the reader takes them without holding a thread.
 */
package io.adit.share;
