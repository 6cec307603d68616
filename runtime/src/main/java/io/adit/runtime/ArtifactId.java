package io.adit.runtime;

/**
 * The id of a bundle in a feature, {@code group:artifact[:type[:classifier]]:version} (Feature Service specification 159.2.1),
 * and the names that its file has in our folders.
 */
record ArtifactId(String group, String artifact, String type, String classifier, String version) {

    static ArtifactId parse(String id) {
        String[] parts = id.split(":", -1);
        for (String part : parts) {
            if (part.isEmpty()) {
                throw new IllegalArgumentException("empty part in artifact id " + id);
            }
        }
        return switch (parts.length) {
            case 3 -> new ArtifactId(parts[0], parts[1], "jar", null, parts[2]);
            case 4 -> new ArtifactId(parts[0], parts[1], parts[2], null, parts[3]);
            case 5 -> new ArtifactId(parts[0], parts[1], parts[2], parts[3], parts[4]);
            default -> throw new IllegalArgumentException("not group:artifact[:type[:classifier]]:version: " + id);
        };
    }

    /** True for the bundles of this project: they live in DIR/load, where their owner may replace them. */
    boolean isOurs() {
        return group.equals("io.adit");
    }

    /** The file in the bundle repository of the distribution. */
    String fileName() {
        return artifact + "-" + version + (classifier == null ? "" : "-" + classifier) + "." + type;
    }

    /** The file in DIR/load: without a version, so that a newer one takes the same place and FileInstall sees an update. */
    String loadName() {
        return artifact + "." + type;
    }
}
