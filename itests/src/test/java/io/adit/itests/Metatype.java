package io.adit.itests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What the shipped bundles' Metatype says of one PID.
 *
 * @param texts name of the properties file without its language
 * @param english null where there is no such file; read as the Metatype service reads it, ISO 8859-1
 */
record Metatype(String pid, boolean factory, String texts, String label, String description, List<Attribute> attributes, Properties english, Properties german) {

    /**
     * @param options value to label
     * @param pattern of its format, as {@code is} for people; both empty where there is none
     * @param path whether it is a path
     */
    record Attribute(String id, String type, boolean required, boolean many, String label, String description, String least, String most, String standard,
            Map<String, String> options, String pattern, String is, boolean path) {

        /** Whether it may be a text that is not one of some. */
        boolean isText() {
            return (type.equals("String") || type.equals("Password")) && options.isEmpty();
        }

        /** Whether there is no default, or one that is only there for the form. */
        boolean isWanted() {
            return required && (standard == null || isText() && !standard.matches(pattern));
        }

        /** What goes on after "must be". */
        String allowed() {
            if (isNumber()) {
                return "in " + least + ".." + most;
            }
            return type.equals("Boolean") ? "true or false" : isText() ? is : "one of " + String.join(", ", options.keySet());
        }

        boolean isNumber() {
            return type.equals("Integer") || type.equals("Long");
        }
    }

    /** Of all bundles of ours that containers have, by PID. */
    static Map<String, Metatype> all() throws Exception {
        return in("bundles");
    }

    /** With those that come along. */
    static Map<String, Metatype> withExtra() throws Exception {
        Map<String, Metatype> all = in("bundles");
        all.putAll(in("extra"));
        return all;
    }

    private static Map<String, Metatype> in(String folder) throws Exception {
        Map<String, Metatype> all = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Adit.dist().resolve(folder), "io.adit.*.jar")) {
            for (Path jar : jars) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    for (JarEntry entry : file.stream().filter(each -> each.getName().matches("OSGI-INF/metatype/.+\\.xml")).toList()) {
                        Metatype read = read(file, entry);
                        all.put(read.pid, read);
                    }
                }
            }
        }
        return all;
    }

    private static Metatype read(JarFile jar, JarEntry entry) throws Exception {
        Document document;
        try (InputStream in = jar.getInputStream(entry)) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
        Element designate = (Element) document.getElementsByTagName("Designate").item(0);
        boolean factory = designate.hasAttribute("factoryPid");
        Element ocd = (Element) document.getElementsByTagName("OCD").item(0);
        List<Attribute> attributes = new ArrayList<>();
        NodeList elements = ocd.getElementsByTagName("AD");
        for (int i = 0; i < elements.getLength(); i++) {
            Element each = (Element) elements.item(i);
            if (!each.getAttribute("id").startsWith("webconsole.")) {
                attributes.add(attribute(each));
            }
        }
        String texts = document.getDocumentElement().getAttribute("localization");
        return new Metatype(designate.getAttribute(factory ? "factoryPid" : "pid"), factory, texts, ocd.getAttribute("name"), ocd.getAttribute("description"),
            attributes, texts(jar, texts + ".properties"), texts(jar, texts + "_de.properties"));
    }

    private static Attribute attribute(Element element) {
        Map<String, String> options = new LinkedHashMap<>();
        NodeList elements = element.getElementsByTagName("Option");
        for (int i = 0; i < elements.getLength(); i++) {
            Element each = (Element) elements.item(i);
            options.put(each.getAttribute("value"), each.getAttribute("label"));
        }
        return new Attribute(element.getAttribute("id"), element.getAttribute("type"), !element.getAttribute("required").equals("false"),
            element.hasAttribute("cardinality") && !element.getAttribute("cardinality").equals("0"), element.getAttribute("name"),
            element.getAttribute("description"), element.getAttribute("min"), element.getAttribute("max"),
            element.hasAttribute("default") ? element.getAttribute("default").replace("\\", "") : null, options, element.getAttribute("adit:pattern"),
            element.getAttribute("adit:is"), element.getAttribute("adit:kind").equals("PATH"));
    }

    private static Properties texts(JarFile jar, String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        if (entry == null) {
            return null;
        }
        Properties texts = new Properties();
        try (InputStream in = jar.getInputStream(entry)) {
            texts.load(in);
        }
        return texts;
    }

    /** @param key of the Metatype, with a percent sign */
    String english(String key) {
        return english.getProperty(key.substring(1));
    }
}
