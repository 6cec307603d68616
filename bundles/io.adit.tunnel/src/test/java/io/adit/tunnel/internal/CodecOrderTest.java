package io.adit.tunnel.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.lang.reflect.Proxy;
import java.util.List;

import org.junit.Test;

/** What may be configured as the order of codecs. */
public class CodecOrderTest {

    private static Codecs.Order of(String... values) {
        return TunnelComponent.order((TunnelConfiguration) Proxy.newProxyInstance(CodecOrderTest.class.getClassLoader(), new Class<?>[] {TunnelConfiguration.class},
            (proxy, method, args) -> method.getName().equals("codec_order") ? values : method.getDefaultValue()));
    }

    @Test
    public void anEmptyElementIsNothing() {
        assertEquals(new Codecs.Order(1, List.of()), of());
        assertEquals(new Codecs.Order(1, List.of()), of(""));
        assertEquals(new Codecs.Order(1, List.of(2, 1, 65535)), of("2", " ", "1, 65535"));
    }

    @Test
    public void whatIsNoVersionIsRefused() {
        for (String bad : List.of("0", "65536", "two", "1.5", "5000000000")) {
            assertEquals("io.adit.tunnel: codec.order must be in 1..65535, not '" + bad + "'",
                assertThrows(bad, IllegalArgumentException.class, () -> of("1", bad)).getMessage());
        }
    }
}
