package io.adit.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.Test;

/** What of a Metatype counts, and which values it allows. */
public class DefinitionTest {

    private static final String XML = """
        <?xml version="1.0" encoding="UTF-8"?>
        <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0" localization="OSGI-INF/l10n/a">
          <OCD id="a" name="%ocd.name" description="%ocd.description">
            <AD id="port" type="Integer" name="%port.name" description="x &lt; y > z" min="0" max="65535" default="7443"/>
            <AD id="order" type="Long" cardinality="2147483647" required="false" min="1" max="5000000000"/>
            <AD id="names" type="String" cardinality="-10" required="true"/>
            <AD id="tls" type="Boolean" default="true"/>
            <AD id="how" type="String" default="off">
              <Option label="%how.off" value="off"/>
              <Option label="%how.on" value="a &amp; b"/>
            </AD>
            <AD id="secret" type="Password"/>
          </OCD>
          <Designate pid="a.b">
            <Object ocdref="a"/>
          </Designate>
        </metatype:MetaData>
        """;

    private final Definition definition = Definition.read(XML, "a.b").orElseThrow();

    @Test
    public void itIsThatOfThePidThatItIsMeantFor() {
        assertEquals(Optional.empty(), Definition.read(XML, "a"));
        assertEquals(List.of("port", "order", "names", "tls", "how", "secret"), List.copyOf(definition.properties().keySet()));
        assertEquals(Optional.of("7443"), definition.properties().get("port").standard());
        assertTrue(definition.properties().get("secret").isSecret());
    }

    @Test
    public void aNumberIsWholeAndInItsRange() {
        assertAllowed("port", 0, 65535, 80L, 80.0, "443", "+443");
        assertRefused("port", "in 0..65535", -1, 65536, 5_000_000_000L, "", "a", " 1", "1e3", "1.5", 1.5, "0x1", true);
        assertAllowed("order", 5_000_000_000L, new int[] {1, 2}, new String[] {"1"}, List.of(3), "2, 1");
        assertRefused("order", "in 1..5000000000", new int[] {1, 0}, List.of("1", "two"), "1,0");
    }

    /** A form sends one empty element where there is none. */
    @Test
    public void anEmptyElementOfAListIsNothing() {
        assertAllowed("order", "", " ", new String[] {""}, new String[] {"1", "", " "}, List.of(""), List.of(), new int[0]);
        assertAllowed("names", "a", new String[] {"", "a"});
        assertRefused("names", "there", "", new String[] {" "}, List.of(), new String[0]);
    }

    @Test
    public void anEmptyArrayIsNoValueWhereThereIsOne() {
        assertRefused("port", "in 0..65535", new int[0], new String[0], List.of());
        assertRefused("how", "one of off, a & b", (Object) new String[0]);
        assertRefused("secret", "there", List.of());
        assertAllowed("port", new int[] {1}, List.of("1"));
    }

    @Test
    public void whatIsNeitherTrueNorFalseIsNotFalse() {
        assertAllowed("tls", true, "false", "TRUE");
        assertRefused("tls", "true or false", "flase", "", 1);
    }

    @Test
    public void aChoiceIsOneOfThem() {
        assertAllowed("how", "off", "a & b");
        assertRefused("how", "one of off, a & b", "OFF", "");
        assertAllowed("secret", "", "anything");
    }

    /** A .cfg file keeps those behind a value. */
    @Test
    public void blanksAtTheEndsAreNoPartOfANumberOrAChoice() {
        for (String id : List.of("port", "order", "tls", "how")) {
            assertEquals(id, "a b", definition.properties().get(id).bare(" a b\t"));
        }
        assertEquals("it may be a part", " a ", definition.properties().get("secret").bare(" a "));
        assertEquals(1, definition.properties().get("port").bare(1));
        assertEquals(null, definition.properties().get("port").bare(null));
    }

    @Test
    public void keysOfOsgiAreNoMistakes() {
        for (String key : List.of("port", "service.pid", "felix.fileinstall.filename", "handler.target", "runtime.cardinality.minimum", "component.name", ".own",
                "org.apache.karaf.features.configKey")) {
            assertTrue(key, definition.knows(key));
        }
        assertFalse(definition.knows("prot"));
    }

    private void assertAllowed(String id, Object... values) {
        for (Object value : values) {
            assertEquals(String.valueOf(value), Optional.empty(), definition.properties().get(id).refuses(value));
        }
    }

    private void assertRefused(String id, String allowed, Object... values) {
        for (Object value : values) {
            assertEquals(String.valueOf(value), Optional.of(allowed), definition.properties().get(id).refuses(value));
        }
    }
}
