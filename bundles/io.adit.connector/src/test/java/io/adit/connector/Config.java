package io.adit.connector;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations for tests. */
final class Config {

    private Config() {
    }

    /** The configuration with its defaults, but for what is given. */
    static ConnectorConfiguration of(Map<String, Object> given) {
        return (ConnectorConfiguration) Proxy.newProxyInstance(ConnectorConfiguration.class.getClassLoader(), new Class<?>[] {ConnectorConfiguration.class},
                (proxy, method, arguments) -> given.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue()));
    }
}
