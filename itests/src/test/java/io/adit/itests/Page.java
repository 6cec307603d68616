package io.adit.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, taken apart. Immutable.
 *
 * @param name from the root of the source tree
 * @param prose without fenced blocks
 */
record Page(Path file, String name, List<Block> blocks, String prose) {

    /** @param language what follows the fence; empty where nothing does */
    record Block(String page, int line, String language, String text) {

        /** As a shell takes them: a backslash at the end joins two. */
        List<String> commands() {
            return Stream.of(text.replaceAll("\\\\\\n\\s*", " ").split("\n")).filter(each -> !each.isBlank()).toList();
        }

        @Override
        public String toString() {
            return page + ":" + line + " (" + language + ")";
        }
    }

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("( *)```(.*)");
    private static final Pattern LINK = Pattern.compile("!?\\[(?:[^\\]\\[]|\\[[^\\]]*\\])*+\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** README and docs/. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        pages.add(read(ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
                pages.add(read(file));
            }
        }
        return pages;
    }

    static Page read(Path file) throws IOException {
        String name = ROOT.relativize(file).toString();
        List<Block> blocks = new ArrayList<>();
        StringBuilder prose = new StringBuilder();
        StringBuilder block = null;
        String indent = "";
        String language = "";
        int began = 0;
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            Matcher fence = FENCE.matcher(line);
            if (fence.matches() && block == null) {
                block = new StringBuilder();
                indent = fence.group(1);
                language = fence.group(2).strip();
                began = number;
            } else if (fence.matches()) {
                blocks.add(new Block(name, began, language, block.toString()));
                block = null;
            } else if (block != null) {
                block.append(line.startsWith(indent) ? line.substring(indent.length()) : line).append('\n');
            } else {
                prose.append(line).append('\n');
            }
        }
        return new Page(file, name, blocks, prose.toString());
    }

    /** As GitHub makes them of headings; of two with the same text the second one gets a number. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (String line : prose.split("\n")) {
            if (line.matches("#+ .*")) {
                String anchor = ReadmeIT.anchor(line.replaceFirst("#+ ", "").replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1"));
                for (int i = 1; !anchors.add(i == 1 ? anchor : anchor + "-" + (i - 1)); i++) {
                    continue;
                }
            }
        }
        return anchors;
    }

    /** Where links and pictures lead. */
    List<String> links() {
        return LINK.matcher(CODE.matcher(prose).replaceAll("code")).results().map(each -> each.group(1)).toList();
    }

    /** What stands between backticks. */
    List<String> code() {
        return CODE.matcher(prose).results().map(each -> each.group(1)).toList();
    }
}
