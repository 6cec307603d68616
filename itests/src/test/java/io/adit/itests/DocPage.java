package io.adit.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of docs/ whose fenced blocks are run: the second word after the fence is the name of a block. Immutable. */
record DocPage(String text) {

    static DocPage read(String name) throws IOException {
        return new DocPage(Files.readString(Path.of("../docs", name)));
    }

    /** What stands in the block of that name. */
    String block(String name) {
        Matcher found = Pattern.compile("(?ms)^```\\w+ " + Pattern.quote(name) + "\\n(.*?)^```$").matcher(text);
        if (!found.find()) {
            throw new AssertionError("no block named " + name);
        }
        return found.group(1);
    }

    /** The same, with an invitation of ours in place of the one that it shows. */
    String block(String name, String invitation) {
        return block(name).replaceAll("adit://[^\\s\"]+", Matcher.quoteReplacement(invitation));
    }

    /** Runs a block's commands in that folder as a user types them, each line to its end. */
    void run(String name, Path folder) throws Exception {
        for (String line : block(name).split("\n")) {
            Program.succeed(folder, java.util.Map.of(), List.of("sh", "-c", line));
        }
    }
}
