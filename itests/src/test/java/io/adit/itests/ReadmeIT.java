package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.Test;

/**
 * The tables of docs/CONFIGURATION.md are what the shipped bundles' Metatype says.
 * {@code mvn verify -Dadit.readme.write=true} writes them anew.
 */
public class ReadmeIT {

    private static final String BEGIN = "<!-- configuration: begin -->\n";
    private static final String END = "<!-- configuration: end -->\n";

    /** How the text of a number ends (MetatypeIT): what has a column of its own here. */
    private static final Pattern UNIT_AND_RANGE = Pattern.compile(" ([^.]+), [-0-9]+\\.\\.[0-9]+\\.$");
    private static final Set<String> UNITLESS = Set.of("Port", "Version", "Versions");

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
        StringBuilder index = new StringBuilder("| PID | what |\n|---|---|\n");
        Map<String, String> byPid = new TreeMap<>();
        for (Metatype each : Metatype.all().values()) {
            String heading = "`" + each.pid() + "`" + (each.factory() ? " (factory)" : "");
            byPid.put(each.pid(), "## " + heading + "\n" + table(each));
            index.append("| [`").append(each.pid()).append("`](#").append(anchor(heading)).append(") | ").append(each.english(each.description())).append(" |\n");
        }
        return index.append('\n').append(String.join("\n", byPid.values())).toString();
    }

    /** As GitHub makes it of a heading. */
    static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
    }

    private static String table(Metatype metatype) {
        StringBuilder out = new StringBuilder(metatype.english(metatype.description())).append("\n\n| key | default | what it may be | what |\n|---|---|---|---|\n");
        for (Metatype.Attribute each : metatype.attributes()) {
            String range = each.isText() ? each.is() : each.least().isEmpty() ? "" : each.least() + ".." + each.most();
            String what = metatype.english(each.description());
            Matcher end = UNIT_AND_RANGE.matcher(what);
            if (each.isNumber() && !range.isEmpty() && end.find()) {
                what = what.substring(0, end.start());
                range += UNITLESS.contains(end.group(1)) ? "" : " " + end.group(1).toLowerCase(Locale.ROOT);
            }
            String options = each.options().isEmpty() ? "" : " " + String.join("; ", each.options().values().stream().map(metatype::english).toList()) + ".";
            out.append("| `").append(each.id()).append("` | ").append(value(each)).append(" | ").append(range.replace("|", "\\|")).append(" | ")
                .append((what + options).replace("|", "\\|")).append(" |\n");
        }
        return out.toString();
    }

    private static String value(Metatype.Attribute attribute) {
        if (attribute.standard() == null) {
            return attribute.required() ? "required" : "-";
        }
        String value = attribute.standard();
        return value.isEmpty() ? "empty" : "`" + (value.length() > 60 ? value.substring(0, 57) + "..." : value).replace("|", "\\|") + "`";
    }
}
