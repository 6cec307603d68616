package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The tables of docs/CONFIGURATION.md are what the shipped bundles' Metatype says.
 * {@code mvn verify -Dadit.readme.write=true} writes them anew.
 */
public class ReadmeIT {

    private static final String BEGIN = "<!-- configuration: begin -->\n";
    private static final String END = "<!-- configuration: end -->\n";

    private static final Path PAGE = Path.of("../docs/CONFIGURATION.md");

    @Test
    public void theConfigurationTablesAreTheMetatype() throws Exception {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertTrue("CONFIGURATION.md has the markers", begin >= BEGIN.length() && end >= begin);
        String tables = tables();
        if (Boolean.getBoolean("adit.readme.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + tables + page.substring(end));
            return;
        }
        assertEquals("CONFIGURATION.md is out of date: run with -Dadit.readme.write=true", tables, page.substring(begin, end));
    }

    private static String tables() throws Exception {
        Map<String, String> byPid = new TreeMap<>();
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("adit.dist"), "bundles"))) {
            jars = files.filter(file -> file.getFileName().toString().startsWith("io.adit.")).sorted().toList();
        }
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (JarEntry entry : file.stream().filter(each -> each.getName().matches("OSGI-INF/metatype/.+\\.xml")).toList()) {
                    table(file, entry, byPid);
                }
            }
        }
        StringBuilder index = new StringBuilder("| PID | what |\n|---|---|\n");
        byPid.forEach((pid, table) -> index.append("| [`").append(pid).append("`](#").append(anchor(table)).append(") | ").append(table.split("\n")[1]).append(" |\n"));
        return index.append('\n').append(String.join("\n", byPid.values())).toString();
    }

    /** As GitHub makes it of the heading. */
    private static String anchor(String table) {
        return table.split("\n")[0].substring("## ".length()).replaceAll("[^\\w -]", "").replace(' ', '-');
    }

    private static void table(JarFile jar, JarEntry entry, Map<String, String> byPid) throws Exception {
        Document document;
        try (InputStream in = jar.getInputStream(entry)) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
        Properties texts = texts(jar, document.getDocumentElement().getAttribute("localization"));
        Element designate = (Element) document.getElementsByTagName("Designate").item(0);
        boolean factory = designate.hasAttribute("factoryPid");
        String pid = designate.getAttribute(factory ? "factoryPid" : "pid");
        Element ocd = (Element) document.getElementsByTagName("OCD").item(0);
        StringBuilder out = new StringBuilder("## `").append(pid).append('`').append(factory ? " (factory)" : "").append('\n');
        out.append(text(texts, ocd.getAttribute("description"))).append("\n\n| key | default | range | what |\n|---|---|---|---|\n");
        NodeList attributes = ocd.getElementsByTagName("AD");
        for (int i = 0; i < attributes.getLength(); i++) {
            Element attribute = (Element) attributes.item(i);
            if (!attribute.getAttribute("id").startsWith("webconsole.")) {
                out.append("| `").append(attribute.getAttribute("id")).append("` | ").append(value(attribute)).append(" | ").append(range(attribute))
                        .append(" | ").append(text(texts, attribute.getAttribute("description")).replace("|", "\\|")).append(" |\n");
            }
        }
        byPid.put(pid, out.toString());
    }

    private static String value(Element attribute) {
        if (!attribute.hasAttribute("default")) {
            return "true".equals(attribute.getAttribute("required")) || !attribute.hasAttribute("required") ? "required" : "-";
        }
        String value = attribute.getAttribute("default").replace("\\", "");
        return value.isEmpty() ? "empty" : "`" + (value.length() > 60 ? value.substring(0, 57) + "..." : value).replace("|", "\\|") + "`";
    }

    private static String range(Element attribute) {
        String least = attribute.getAttribute("min");
        String most = attribute.getAttribute("max");
        return least.isEmpty() && most.isEmpty() ? "" : least + ".." + most;
    }

    private static Properties texts(JarFile jar, String localization) throws IOException {
        Properties texts = new Properties();
        JarEntry entry = jar.getJarEntry(localization + ".properties");
        if (entry != null) {
            try (InputStream in = jar.getInputStream(entry)) {
                texts.load(in);
            }
        }
        return texts;
    }

    private static String text(Properties texts, String key) {
        String text = key.startsWith("%") ? texts.getProperty(key.substring(1)) : key;
        assertTrue("a text for " + key, text != null && !text.isBlank());
        return text.strip();
    }
}
