package io.adit.registry;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Configurations as Declarative Services would make them: the defaults, but for what is said. */
final class Configurations {

    private Configurations() {
    }

    /** @param changes method name, value, method name, value, ... */
    static RegistryConfiguration with(Object... changes) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < changes.length; i += 2) {
            values.put((String) changes[i], changes[i + 1]);
        }
        return (RegistryConfiguration) Proxy.newProxyInstance(Configurations.class.getClassLoader(), new Class<?>[] {RegistryConfiguration.class},
                (proxy, method, args) -> values.containsKey(method.getName()) ? values.get(method.getName()) : method.getDefaultValue());
    }
}
