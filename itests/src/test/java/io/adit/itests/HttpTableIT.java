package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.Test;

/** docs/HTTP.md promises a test for each rule: each row names one, and each that is named is there. */
public class HttpTableIT {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern NAMED = Pattern.compile("(?:([A-Z]\\w*(?:Test|IT))\\b)?(?:#(\\w+))?");

    @Test
    public void everyRuleNamesTestsThatExist() throws IOException {
        Map<String, String> sources = sources();
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        boolean rules = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/HTTP.md"))) {
            if (!line.startsWith("|")) {
                rules = false;
            } else if (line.endsWith("| test |")) {
                rules = true;
            } else if (rules && !line.startsWith("|---")) {
                rows++;
                wrong.addAll(check(line.substring(0, line.length() - 1).strip(), sources));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(rows + " rows", rows > 150);
    }

    private static List<String> check(String row, Map<String, String> sources) {
        String column = row.substring(row.lastIndexOf("| ") + 2);
        List<String> wrong = new ArrayList<>();
        String type = null;
        boolean any = false;
        for (Matcher named = NAMED.matcher(column); named.find();) {
            type = named.group(1) == null ? type : named.group(1);
            if (named.group(1) == null && named.group(2) == null) {
                continue;
            }
            any = true;
            String source = type == null ? null : sources.get(type);
            if (source == null) {
                wrong.add("no class " + type + ": " + row);
            } else if (named.group(2) != null && !source.contains(" void " + named.group(2) + "()")) {
                wrong.add("no test " + type + "#" + named.group(2));
            }
        }
        if (!any) {
            wrong.add("no test named: " + row);
        }
        return wrong;
    }

    /** Test classes by their simple names; two of one name are joined. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                // what other tests have there comes and goes
                return folder.endsWith("target") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().contains("/src/test/java/") && file.toString().endsWith(".java")) {
                    sources.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }
}
