package io.adit.config;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.osgi.framework.Bundle;

/**
 * The properties of a PID, by their ids, as a bundle's Metatype has them. They are read from the bundle and not asked of the Metatype service, which a
 * container need not have and which does not tell ranges; and by patterns, since what bnd writes is regular and an XML parser costs every start of a container
 * some 40 ms. Immutable.
 */
record Definition(Map<String, Property> properties) {

    private static final String FOLDER = "OSGI-INF/metatype";
    private static final Pattern ELEMENT = Pattern.compile("<(AD|Option|Designate)\\s((?:[^\">]|\"[^\"]*\")*+)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** @return empty where that bundle has none for the PID */
    static Optional<Definition> of(Bundle bundle, String pid) throws IOException {
        Enumeration<URL> files = bundle.findEntries(FOLDER, "*.xml", false);
        while (files != null && files.hasMoreElements()) {
            try (InputStream in = files.nextElement().openStream()) {
                Optional<Definition> found = read(new String(in.readAllBytes(), StandardCharsets.UTF_8), pid);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    static Optional<Definition> read(String xml, String pid) {
        Map<String, Property> properties = new LinkedHashMap<>();
        List<String> options = new ArrayList<>();
        boolean designated = false;
        Matcher element = ELEMENT.matcher(xml);
        while (element.find()) {
            Map<String, String> attributes = attributes(element.group(2));
            switch (element.group(1)) {
                case "AD" -> {
                    options = new ArrayList<>();
                    properties.put(attributes.get("id"), new Property(attributes.get("id"), attributes.get("type"),
                        !attributes.getOrDefault("cardinality", "0").equals("0"), number(attributes.get("min")), number(attributes.get("max")),
                        Optional.ofNullable(attributes.get("default")), !"false".equals(attributes.get("required")), options, Format.of(attributes)));
                }
                case "Option" -> options.add(attributes.get("value"));
                default -> designated |= pid.equals(attributes.get("pid")) || pid.equals(attributes.get("factoryPid"));
            }
        }
        return designated ? Optional.of(new Definition(properties)) : Optional.empty();
    }

    private static Map<String, String> attributes(String text) {
        Map<String, String> attributes = new HashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(text);
        while (attribute.find()) {
            attributes.put(attribute.group(1), attribute.group(2).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'")
                .replace("&amp;", "&"));
        }
        return attributes;
    }

    private static Optional<BigDecimal> number(String text) {
        return Optional.ofNullable(text).map(BigDecimal::new);
    }

    /** Whether somebody may have put it there who is not mistaken: OSGi's and a container's own, and what finds the services that a component uses. */
    boolean knows(String key) {
        return properties.containsKey(key) || key.startsWith(".") || key.startsWith("service.") || key.startsWith("component.") || key.startsWith("felix.")
            || key.startsWith("org.apache.karaf.") || key.startsWith("webconsole.") || key.endsWith(".target") || key.endsWith(".cardinality.minimum");
    }
}
