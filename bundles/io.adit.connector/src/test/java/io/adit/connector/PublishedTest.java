package io.adit.connector;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.adit.api.Invitation;
import io.adit.api.PeerNode.Trouble;
import io.adit.api.packet.Packet.Registered;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What the framework is told, in which order. */
public class PublishedTest {

    @Rule
    public final TemporaryFolder home = new TemporaryFolder();

    private final List<String> told = new ArrayList<>();
    private boolean nodeIsGone;

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(PublishedTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private BundleContext context() {
        return fake(BundleContext.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("registerService")) {
                return home.getRoot().toString();
            }
            Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
            String kind = List.of("drain", "trouble", "ready", "failure").stream().filter(each -> properties.get("io.adit." + each) != null).findFirst().orElse("node");
            told.add("+" + kind + value(properties));
            return fake(ServiceRegistration.class, (registration, asked, given) -> {
                if (nodeIsGone && kind.equals("node")) {
                    throw new IllegalStateException("unregistered");
                }
                told.add(asked.getName().equals("unregister") ? "-" + kind : kind + value((Dictionary<?, ?>) given[0]));
                return null;
            });
        });
    }

    private static String value(Dictionary<?, ?> properties) {
        for (String key : new String[] {"io.adit.trouble", "url", "message", "state"}) {
            if (properties.get(key) != null) {
                return " " + properties.get(key);
            }
        }
        return "";
    }

    private Published published(String role) {
        String invitation = new Invitation("127.0.0.1", 7443, "demo", new byte[32], new byte[0]).text();
        BundleContext context = context();
        return new Published(context, new Settings("io.adit.connector~demo", Config.of(Map.of("invitation", invitation, "role", role)), context),
                deadline -> CompletableFuture.completedFuture(null));
    }

    private void assertTold(String... expected) {
        assertEquals(List.of(expected), told);
        told.clear();
    }

    private static Registered answer(String url) {
        return new Registered("demo", "main", "127.0.0.1", 1, url, new byte[32], new byte[0]);
    }

    @Test
    public void thePeerTellsItsStateAndWhoeverWaits() {
        Published published = published("peer");
        assertTold("+drain", "+node connecting");
        published.retry(Trouble.NETWORK, "refused", Instant.EPOCH);
        assertTold("+trouble refused");
        published.retry(Trouble.NETWORK, "no route", Instant.EPOCH);
        assertTold("trouble no route");
        published.up(answer("http://a/"), null);
        assertTold("-trouble", "+ready http://a/", "node connected");
        published.up(answer("http://a/"), null);
        assertTold();
        published.up(answer("http://b/"), null);
        assertTold("ready http://b/");
        published.down();
        assertTold("-ready");
        published.trouble(Trouble.CODEC, "none", null);
        assertTold("node connecting", "+trouble none");
        published.stopped(Trouble.INVITATION, "revoked");
        assertTold("node stopped", "-trouble");
        published.failed("revoked");
        assertTold("+failure revoked");
        published.withdraw();
        assertTold("-drain", "-node");
        published.clear();
        assertTold("-failure");
        published.clear();
        assertTold();
    }

    @Test
    public void aFailureWithoutAReasonEndsTheTroubleBefore() {
        Published published = published("peer");
        published.retry(Trouble.NETWORK, "refused", Instant.EPOCH);
        told.clear();
        published.retry(Trouble.NETWORK, null, Instant.EPOCH);
        assertTold("-trouble");
    }

    @Test
    public void aLinkTellsItsTroublesOnly() {
        Published published = published("proxy");
        published.up(answer("http://a/"), null);
        published.down();
        published.withdraw();
        assertTold();
        published.trouble(Trouble.NETWORK, "refused", Instant.EPOCH);
        published.stopped(Trouble.INVITATION, "revoked");
        published.failed("revoked");
        published.clear();
        assertTold("+trouble refused", "-trouble", "+failure revoked", "-failure");
    }

    @Test
    public void aStateThatIsShownAfterTheNodeIsGoneIsNobodysBusiness() {
        Published published = published("peer");
        nodeIsGone = true;
        published.stopped(Trouble.INVITATION, "revoked");
        published.failed("revoked");
        assertTold("+drain", "+node connecting", "+failure revoked");
    }
}
