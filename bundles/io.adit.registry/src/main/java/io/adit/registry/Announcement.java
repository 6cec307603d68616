package io.adit.registry;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

import io.adit.api.Details;
import io.adit.registry.Message.MalformedException;

/**
 * What a linked proxy says of itself (PROTOCOL R5). Thread-safety: immutable.
 *
 * @param host where peers dial, an IP address unless the proxy cannot tell
 * @param port where peers dial
 * @param certificate SHA-256 of the tunnel's certificate in hex, or {@link Details#OFF}
 * @param addresses where browsers reach it
 * @param url of a name, with {name} in it
 * @param capacity how many peers it takes
 * @param draining whether it takes no new ones
 */
record Announcement(String host, int port, String certificate, List<InetAddress> addresses, String url, int capacity, boolean draining) {

    static final String VERB = "announce";
    static final int MOST_CAPACITY = 10_000_000;

    private static final int MOST_ADDRESSES = 16;
    private static final int MOST_URL = 1024;

    Message message() {
        Message message = new Message(VERB).with("host", host).with("port", port).with("cert", certificate).with("url", url).with("capacity", capacity)
                .with("draining", draining ? "yes" : "no");
        addresses.stream().limit(MOST_ADDRESSES).forEach(address -> message.with("address", address.getHostAddress()));
        return message;
    }

    static Announcement of(Message message) throws MalformedException {
        String host = message.text("host");
        String certificate = message.text("cert");
        String url = message.text("url");
        if (!host.matches("[A-Za-z0-9.:_-]{1,253}")) {
            throw new MalformedException("announce: host is no host");
        }
        if (!certificate.equals(Details.OFF) && !certificate.matches("[0-9a-f]{64}")) {
            throw new MalformedException("announce: cert is no SHA-256");
        }
        if (!isUrl(url)) {
            throw new MalformedException("announce: url is no http or https URL with {name}");
        }
        return new Announcement(host, (int) message.number("port", 1, 65535), certificate, addresses(message.all("address")), url,
                (int) message.number("capacity", 1, MOST_CAPACITY), message.text("draining").equals("yes"));
    }

    private static boolean isUrl(String url) {
        try {
            URI sample = new URI(url.replace("{name}", "name"));
            return url.length() <= MOST_URL && url.contains("{name}") && sample.getHost() != null
                    && List.of("http", "https").contains(sample.getScheme());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static List<InetAddress> addresses(List<String> texts) throws MalformedException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            if (addresses.size() == MOST_ADDRESSES || !text.matches("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}")) { // no name: that would be looked up
                throw new MalformedException("announce: address is no IP address, or one too many");
            }
            try {
                addresses.add(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                throw new MalformedException("announce: address is no IP address");
            }
        }
        return addresses;
    }

    String url(String name) {
        return url.replace("{name}", name);
    }

    String tunnel() {
        return hostPort(host, port);
    }

    static String hostPort(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
