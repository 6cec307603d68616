package io.adit.origin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.packet.Packet.RequestHead;
import org.eclipse.jetty.client.ProxyProtocolClientConnectionFactory.V1;
import org.eclipse.jetty.client.ProxyProtocolClientConnectionFactory.V2;

/**
 * Whether each connection to the origin begins with a PROXY protocol header that names the visitor, and in which version.
 *
 * <p>A tag makes the client keep a pool of connections for each value of it, so two visitors never share one.
 */
enum ProxyProtocol {
    OFF, V1_TEXT, V2_BINARY;

    /** IP address and port as the proxy writes them; what is no such literal would be looked up as a name. */
    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3}):([0-9]{1,5})");
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?:%[^]]*)?]:([0-9]{1,5})");

    /** The tag for the visitor's connections, or null when there is to be no header. */
    Object tag(RequestHead head) {
        if (this == OFF) {
            return null;
        }
        Matcher four = IPV4.matcher(head.client());
        Matcher six = IPV6.matcher(head.client());
        boolean isFour = four.matches();
        if (!isFour && !six.matches()) {
            return this == V1_TEXT ? V1.Tag.UNKNOWN : V2.Tag.LOCAL;
        }
        String address = isFour ? four.group(1) : six.group(1);
        int port = Integer.parseInt(isFour ? four.group(2) : six.group(2));
        // Which of its addresses the proxy was reached at is not known here. Left to the client it would be the origin's, whose family
        // can be another one than the visitor's, and such a header is not valid.
        String reached = isFour ? "0.0.0.0" : "::";
        int reachedPort = publicPort(head);
        if (this == V1_TEXT) {
            return new V1.Tag(isFour ? "TCP4" : "TCP6", address, port, reached, reachedPort);
        }
        return new V2.Tag(V2.Tag.Command.PROXY, isFour ? V2.Tag.Family.INET4 : V2.Tag.Family.INET6, V2.Tag.Protocol.STREAM, address, port, reached,
            reachedPort, null);
    }

    private static int publicPort(RequestHead head) {
        String text = head.fields().first("x-forwarded-port");
        int port = text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port > 0 && port <= 65_535) {
            return port;
        }
        return head.scheme().equals("https") ? 443 : 80;
    }
}
