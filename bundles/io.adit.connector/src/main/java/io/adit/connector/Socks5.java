package io.adit.connector;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.adit.way.Literal;
import io.adit.way.Login;

/**
 * The CONNECT command of SOCKS version 5 (RFC 1928) with user and password (RFC 1929). Names go to the proxy as they are and are looked up there. Every
 * answer has a length that its first bytes tell, at most 262 bytes. Not thread-safe.
 *
 * <pre>
 *   METHOD --no login wanted--> REPLY --> DONE
 *          --login wanted--> LOGIN --accepted--> REPLY
 * </pre>
 */
final class Socks5 implements Dialogue {

    private enum State { METHOD, LOGIN, REPLY, DONE }

    private static final byte[] NOTHING = {};
    private static final int VERSION = 5;
    private static final int NO_LOGIN = 0;
    private static final int USER_PASSWORD = 2;
    private static final int NONE_OF_THESE = 0xff;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int DOMAIN = 3;
    private static final int IPV6 = 4;
    /** Of a name, a user, a password: one byte tells it. */
    static final int MAX_BYTES = 255;

    private final String host;
    private final int port;
    private final Login login;
    /** Of the answer so far. */
    private final byte[] answer = new byte[4 + 1 + MAX_BYTES + 2];
    private int length;
    private State state = State.METHOD;

    /**
     * @param host at most 255 bytes
     * @param login at most 255 bytes of each; null: none
     */
    Socks5(String host, int port, Login login) {
        this.host = host;
        this.port = port;
        this.login = login;
    }

    @Override
    public byte[] begin() {
        return login == null ? new byte[] {VERSION, 1, NO_LOGIN} : new byte[] {VERSION, 2, NO_LOGIN, USER_PASSWORD};
    }

    @Override
    public byte[] received(ByteBuffer in) throws DialException {
        while (in.hasRemaining() && state != State.DONE) {
            answer[length++] = in.get();
            check();
            if (length == wanted()) {
                length = 0;
                return next();
            }
        }
        return NOTHING;
    }

    /** What the bytes so far say, as soon as they say it: a proxy that is none may send no more. */
    private void check() throws DialException {
        int last = answer[length - 1] & 0xff;
        if (length == 1 && last != VERSION && state != State.LOGIN) { // servers differ in the version of the login's answer
            throw new DialException("is no SOCKS5 proxy: its answer begins with 0x" + Integer.toHexString(0x100 | last).substring(1));
        }
        if (length != 2) {
            return;
        }
        switch (state) {
            case METHOD -> method(last);
            case LOGIN -> {
                if (last != 0) {
                    throw DialException.login("does not accept the user and the password (SOCKS5 status " + last + ")");
                }
            }
            default -> {
                if (last != 0) {
                    throw new DialException((last == 2 ? "refuses a connection to " : "cannot connect to ") + Literal.authority(host, port) + ": " + reply(last));
                }
            }
        }
    }

    private void method(int method) throws DialException {
        if (method == NONE_OF_THESE) {
            throw new DialException(login == null ? "wants a login, and there is none (SOCKS5)" : "wants a login of another kind than user and password (SOCKS5)");
        } else if (method != NO_LOGIN && (method != USER_PASSWORD || login == null)) {
            throw new DialException("chooses a login that it was not offered (SOCKS5 method " + method + ")");
        }
    }

    /** How many bytes the answer has, as far as it is known. */
    private int wanted() throws DialException {
        if (state != State.REPLY) {
            return 2;
        } else if (length < 5) {
            return 5;
        }
        return 4 + 2 + switch (answer[3]) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case DOMAIN -> 1 + (answer[4] & 0xff);
            default -> throw new DialException("is no SOCKS5 proxy: its reply has an address of type " + (answer[3] & 0xff));
        };
    }

    private byte[] next() {
        switch (state) {
            case METHOD -> {
                if (answer[1] == USER_PASSWORD) {
                    state = State.LOGIN;
                    return login();
                }
                state = State.REPLY;
                return connect();
            }
            case LOGIN -> {
                state = State.REPLY;
                return connect();
            }
            default -> {
                state = State.DONE;
                return NOTHING;
            }
        }
    }

    /** RFC 1929 section 2. */
    private byte[] login() {
        byte[] user = login.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = login.password().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(1);
        out.write(user.length);
        out.writeBytes(user);
        out.write(password.length);
        out.writeBytes(password);
        return out.toByteArray();
    }

    /** RFC 1928 section 4. */
    private byte[] connect() {
        byte[] address = Literal.address(host);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {VERSION, CONNECT, 0});
        if (address == null) {
            byte[] name = host.getBytes(StandardCharsets.US_ASCII);
            out.write(DOMAIN);
            out.write(name.length);
            out.writeBytes(name);
        } else {
            out.write(address.length == 4 ? IPV4 : IPV6);
            out.writeBytes(address);
        }
        out.write(port >> 8);
        out.write(port);
        return out.toByteArray();
    }

    /** RFC 1928 section 6. */
    private static String reply(int code) {
        String name = switch (code) {
            case 1 -> "general failure";
            case 2 -> "not allowed by its rules";
            case 3 -> "network unreachable";
            case 4 -> "host unreachable";
            case 5 -> "connection refused";
            case 6 -> "TTL expired";
            case 7 -> "command not supported";
            case 8 -> "address type not supported";
            default -> "unknown reason";
        };
        return name + " (SOCKS5 reply " + code + ")";
    }

    @Override
    public boolean isDone() {
        return state == State.DONE;
    }
}
