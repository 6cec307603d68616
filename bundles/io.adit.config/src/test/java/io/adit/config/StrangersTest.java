package io.adit.config;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Set;

import org.junit.Test;

public class StrangersTest {

    private final Strangers strangers = new Strangers(Set.of("io.adit.proxy", "io.adit.webhook")::contains);

    @Test
    public void whatNoBundleHasIsToldOnce() {
        strangers.saw("io.adit.proxy", null);
        strangers.saw("io.adit.webhook~a", "io.adit.webhook");
        strangers.saw("io.adit.nosuch", null);
        assertEquals(List.of("io.adit.nosuch: no bundle has such a configuration, and nothing comes of it"), strangers.tell());
        strangers.saw("io.adit.nosuch", null);
        assertEquals(List.of(), strangers.tell());
        strangers.gone("io.adit.nosuch");
        strangers.saw("io.adit.nosuch", null);
        assertEquals("it came anew", 1, strangers.tell().size());
    }

    @Test
    public void aTildeInTheNameOfAFileIsToldWithTheNameThatIsRight() {
        strangers.saw("io.adit.webhook~a", null);
        assertEquals(List.of("io.adit.webhook~a: no bundle has such a configuration, and nothing comes of it; the name of its file is io.adit.webhook-a.config"),
            strangers.tell());
    }

    @Test
    public void whatWentBeforeItWasToldIsNot() {
        strangers.saw("io.adit.nosuch", null);
        strangers.gone("io.adit.nosuch");
        assertEquals(List.of(), strangers.tell());
    }
}
