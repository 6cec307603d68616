package io.adit.acme;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Configurations for tests. */
final class Config {

    private Config() {
    }

    /** The configuration with its defaults, but for what is given. */
    static AcmeConfig of(Map<String, Object> given) {
        return (AcmeConfig) Proxy.newProxyInstance(AcmeConfig.class.getClassLoader(), new Class<?>[] {AcmeConfig.class}, (proxy, method, arguments) -> {
            String key = method.getName().replace('_', '.');
            if (key.equals("annotationType")) {
                return (Class<? extends Annotation>) AcmeConfig.class;
            }
            return given.containsKey(key) ? given.get(key) : method.getDefaultValue();
        });
    }

    /** One that is accepted, for example.org, but for what is given. */
    static Options options(Path home, Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(Map.of("domains", new String[] {"example.org"}, "terms.agreed", true, "own.domains", false));
        all.putAll(given);
        return Options.of(of(all), home);
    }
}
