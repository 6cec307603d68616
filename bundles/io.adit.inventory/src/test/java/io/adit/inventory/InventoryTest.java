package io.adit.inventory;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.adit.api.Check.State;
import io.adit.api.HealthSource;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.StreamInfo;
import io.adit.call.FakeRegistrations;
import io.adit.call.FakeSession;
import org.apache.felix.inventory.Format;
import org.apache.felix.utils.json.JSONParser;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** What is printed, in both formats, and what never is. */
public class InventoryTest {

    private static final String SECRET = "s3cr3t";

    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(InventoryTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object answer = answers.get(method.getName());
            return answer instanceof Function<?, ?> function ? ((Function<Object, Object>) function).apply(args[0]) : answer;
        }));
    }

    private static Dictionary<String, Object> values(Object... pairs) {
        Dictionary<String, Object> values = new Hashtable<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put((String) pairs[i], pairs[i + 1]);
        }
        return values;
    }

    private static Configuration configuration(String pid, String factory, Dictionary<String, Object> values) {
        Map<String, Object> answers = new java.util.HashMap<>(Map.of("getPid", pid, "getProperties", values));
        answers.put("getFactoryPid", factory);
        return fake(Configuration.class, answers);
    }

    private Inventory inventory;

    @Before
    public void container() {
        Bundle ours = fake(Bundle.class, Map.of("getSymbolicName", "io.adit.webhook", "getVersion", new Version("1.2.3"), "getState", Bundle.ACTIVE, "getLastModified", 0L));
        Bundle other = fake(Bundle.class, Map.of("getSymbolicName", "org.example", "getVersion", new Version("9.9.9"), "getState", Bundle.ACTIVE, "getLastModified", 0L));
        Configuration[] found = {
            configuration("io.adit.webhook~a", "io.adit.webhook", values("url", "https://x.example/hook/" + SECRET, "retry.millis", 10, "events", new String[] {"online", "offline"})),
            configuration("io.adit.connector~main", "io.adit.connector", values("invitation", "adit://demo:" + SECRET + "@h:1?cert=00", "dial.via.password", SECRET, "dial.via.password.file",
                "conf/via", "dial.via.user", "me", "dial.via", "http://me:" + SECRET + "@proxy:3128", "empty.password", "", "notify", new String[] {"bob@example.org"})),
            configuration("io.adit.registry", null, values("store", "jdbc:postgresql://db/adit?user=adit&password=" + SECRET, "other", "see adit://demo:" + SECRET + "@h:1"))};
        ObjectClassDefinition definition = fake(ObjectClassDefinition.class, Map.of("getAttributeDefinitions", new AttributeDefinition[] {
            fake(AttributeDefinition.class, Map.of("getID", "url", "getType", AttributeDefinition.PASSWORD)),
            fake(AttributeDefinition.class, Map.of("getID", "retry.millis", "getType", AttributeDefinition.INTEGER))}));
        MetaTypeInformation information = fake(MetaTypeInformation.class, Map.of("getPids", new String[0], "getFactoryPids", new String[] {"io.adit.webhook"}, "getObjectClassDefinition", definition));
        inventory = new Inventory(fake(BundleContext.class, Map.of("getBundles", new Bundle[] {other, ours})), fake(ConfigurationAdmin.class, Map.of("listConfigurations", found)),
            fake(MetaTypeService.class, Map.of("getMetaTypeInformation", information)));
        FakeSession session = new FakeSession();
        session.streams = List.of(new StreamInfo(7, "GET", "/a?token=" + SECRET, 5000, 4000, "credit", 10, 20, 30, 65536, 0));
        inventory.registrations = new FakeRegistrations();
        inventory.peers = fake(PeerManager.class, Map.of("connected", Map.of("demo", List.of((PeerSession) session))));
        inventory.sources.add(() -> List.of(HealthSource.bad("mail", State.WARN, "no mail to bob@example.org", "Look."), HealthSource.ok("disk", "1 MiB")));
    }

    private String print(Format format) {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text);
        inventory.print(writer, format, false);
        writer.flush();
        return text.toString();
    }

    @Test
    public void theTextHasAPartForEachThing() {
        String text = print(Format.TEXT);
        for (String line : List.of("Bundles", "  name=io.adit.webhook  version=1.2.3  state=active  modified=1970-01-01T00:00:00Z", "Configurations",
            "  io.adit.webhook~a = {events=[online, offline], retry.millis=10, url=[redacted]}", "  online = 1", "sessionCount = 1",
            "  name=disk  state=OK  text=1 MiB  advice=")) {
            assertTrue(line + " is not in " + text, Arrays.asList(text.split("\\R")).contains(line));
        }
        assertTrue(text, text.contains("name=demo  session=s1  id=7  method=GET  target=/a?...  ageMillis=5000  stallMillis=4000"));
        assertFalse("bundles of others are in another part of the inventory", text.contains("9.9.9"));
    }

    @Test
    public void theJsonSaysTheSame() throws Exception {
        Map<String, Object> json = new JSONParser(print(Format.JSON)).getParsed();
        assertEquals("1.2.3", ((Map<?, ?>) ((List<?>) json.get("bundles")).get(0)).get("version"));
        Map<?, ?> connector = (Map<?, ?>) ((Map<?, ?>) json.get("configurations")).get("io.adit.connector~main");
        assertEquals("[redacted]", connector.get("invitation"));
        assertEquals("[redacted]", connector.get("dial.via.password"));
        assertEquals("where it is, is no secret", "conf/via", connector.get("dial.via.password.file"));
        assertEquals("that there is none is none", "", connector.get("empty.password"));
        assertEquals("http://[redacted]@proxy:3128", connector.get("dial.via"));
        assertEquals(1L, json.get("sessionCount"));
        assertEquals("WARN", ((Map<?, ?>) ((List<?>) json.get("conditions")).get(1)).get("state"));
    }

    @Test
    public void noSecretIsInEither() {
        for (Format format : List.of(Format.TEXT, Format.JSON)) {
            String printed = print(format);
            assertFalse(printed, printed.contains(SECRET));
            assertFalse("nobody's address: " + printed, printed.contains("bob@"));
            assertTrue(printed, printed.contains("[redacted]@example.org"));
        }
        assertEquals("a format that is not known", "", print(Format.HTML));
    }

    @Test
    public void whatOthersSentStaysInItsLine() {
        inventory.sources.add(() -> List.of(HealthSource.ok("x", "a\nb\u001b[31m")));
        assertTrue(print(Format.TEXT).contains("a?b?[31m"));
    }
}
