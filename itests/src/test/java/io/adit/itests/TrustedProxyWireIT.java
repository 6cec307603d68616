package io.adit.itests;

import org.junit.ClassRule;
import org.junit.Test;

/** Behind a proxy that is trusted: what it says of its clients is continued (RFC 7239 section 4). */
public class TrustedProxyWireIT {

    @ClassRule
    public static final WireSite SITE = new WireSite("io.adit.proxy:trusted.proxies=127.0.0.0/8");

    private final WireSite.Table table = new WireSite.Table();

    private static String got(String lines) throws Exception {
        String head = SITE.pass("GET / HTTP/1.1\r\nHost: demo.localhost\r\n" + lines + "\r\n").head();
        return head.substring(head.indexOf("Host: demo.localhost\r\n") + 22, head.length() - 2);
    }

    @Test
    public void whatATrustedProxySaysIsContinued() {
        table.row("X-Forwarded", "X-Real-IP: 1.2.3.4\r\nVia: 1.1 adit\r\nForwarded: for=127.0.0.1;host=\"demo.localhost\";proto=http\r\n"
            + "X-Forwarded-For: 1.2.3.4, 5.6.7.8, 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: public.example\r\nX-Forwarded-Port: 443\r\n",
            () -> got("X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 1.2.3.4\r\nX-Forwarded-Host: public.example\r\n"
                + "X-Forwarded-Port: 443\r\nx-forwarded-for: 5.6.7.8\r\n"));
        table.row("Forwarded", "Via: 1.1 adit\r\nForwarded: for=\"[::1]\";proto=https, for=a, for=127.0.0.1;host=\"demo.localhost\";proto=http\r\n"
            + "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: demo.localhost\r\nX-Forwarded-Port: 80\r\n",
            () -> got("Forwarded: for=\"[::1]\";proto=https\r\nForwarded: for=a\r\n"));
        table.row("what an origin could mistake for it is nobody's", SITE.ours("1.1", "demo.localhost"), () -> got("X_Forwarded_For: 1.2.3.4\r\nX-Forwarded_Proto: https\r\n"));
        table.check();
    }
}
