package io.adit.dropin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

import aQute.bnd.build.model.clauses.VersionedClause;
import biz.aQute.resolve.Bndrun;
import biz.aQute.resolve.RunResolution;

/** A run file for bnd with one requirement, and what bnd finds for it in our index. Stateless. */
final class RunFile {

    private RunFile() {
    }

    /** @throws IllegalStateException when it cannot be resolved, with the reason */
    static void write(Feature feature, Path index, Path file) throws Exception {
        String asked = "# made by bnd: all that is needed for the one requirement\n-standalone: " + file.getParent().relativize(index) + "\n-runfw: "
            + feature.framework().artifact() + "\n-runee: JavaSE-17\n-runrequires: io.adit;filter:='(role=" + feature.role() + ")'\n";
        Files.writeString(file, asked);
        StringBuilder bundles = new StringBuilder("-runbundles:");
        try (Bndrun run = Bndrun.createBndrun(null, file.toFile())) {
            RunResolution resolution = run.resolve((one, two, three) -> {
                // nobody looks on
            });
            if (!run.isOk() || resolution.exception != null) {
                throw new IllegalStateException(file + ": " + run.getErrors() + " " + (resolution.exception == null ? "" : resolution.report(false)), resolution.exception);
            }
            Collection<VersionedClause> found = resolution.getRunBundles();
            String comma = " \\\n    ";
            for (VersionedClause each : found) {
                bundles.append(comma).append(each.toString());
                comma = ",\\\n    ";
            }
        }
        Files.writeString(file, asked + bundles + "\n");
    }
}
