package io.adit.itests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** A page of docs/ whose fenced blocks have names, as the second word after the fence, and are run by them. Immutable. */
record DocPage(Page page) {

    static DocPage read(String name) throws IOException {
        return new DocPage(Page.read(Path.of("../docs", name).toAbsolutePath().normalize()));
    }

    /** What stands in the block of that name. */
    String block(String name) {
        return named(name).text();
    }

    private Page.Block named(String name) {
        return page.blocks().stream().filter(each -> each.language().endsWith(" " + name)).findFirst()
            .orElseThrow(() -> new AssertionError(page.name() + " has no block named " + name));
    }

    /** The same, with an invitation of ours in place of the one that it shows. */
    String block(String name, String invitation) {
        return block(name).replaceAll("adit://[^\\s\"']+", Matcher.quoteReplacement(invitation));
    }

    /** Runs a block's commands in that folder as a user types them, each to its end. */
    void run(String name, Path folder) throws Exception {
        for (String line : named(name).commands()) {
            Program.succeed(folder, Map.of(), List.of("sh", "-c", line));
        }
    }
}
