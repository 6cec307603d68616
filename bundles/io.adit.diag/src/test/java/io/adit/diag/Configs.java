package io.adit.diag;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations with default values but for some. Stateless. */
final class Configs {

    private Configs() {
    }

    static DiagConfig with(Map<String, Object> changes) {
        return (DiagConfig) Proxy.newProxyInstance(Configs.class.getClassLoader(), new Class<?>[] {DiagConfig.class},
                (proxy, method, args) -> changes.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
