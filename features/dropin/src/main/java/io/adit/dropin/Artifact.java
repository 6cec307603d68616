package io.adit.dropin;

/**
 * A bundle of a feature by its id, {@code group:artifact[:type[:classifier]]:version} (Feature Service specification 159.2.1), and what
 * it is called in the places where it goes. Immutable.
 *
 * @param classifier null where there is none
 */
record Artifact(String group, String artifact, String type, String classifier, String version) {

    static Artifact parse(String id) {
        String[] parts = id.split(":", -1);
        return switch (parts.length) {
            case 3 -> new Artifact(parts[0], parts[1], "jar", null, parts[2]);
            case 4 -> new Artifact(parts[0], parts[1], parts[2], null, parts[3]);
            case 5 -> new Artifact(parts[0], parts[1], parts[2], parts[3], parts[4]);
            default -> throw new IllegalArgumentException("not group:artifact[:type[:classifier]]:version: " + id);
        };
    }

    /** What {@link #parse} takes. */
    String id() {
        return group + ":" + artifact + (classifier == null ? "" : ":" + type + ":" + classifier) + ":" + version;
    }

    Artifact withClassifier(String other) {
        return new Artifact(group, artifact, type, other, version);
    }

    /** As it is called in the distribution. */
    String fileName() {
        return artifact + "-" + version + (classifier == null ? "" : "-" + classifier) + "." + type;
    }

    /** As it is called in a folder that is watched: without a version, so that a newer one takes the same place. */
    String watchedName() {
        return artifact + (classifier == null ? "" : "-" + classifier) + "." + type;
    }

    /** Where it is in a Maven repository. */
    String mavenPath() {
        return group.replace('.', '/') + "/" + artifact + "/" + version + "/" + fileName();
    }

    /** As Karaf has it. */
    String mavenUrl() {
        return "mvn:" + group + "/" + artifact + "/" + version + (classifier == null ? "" : "/" + type + "/" + classifier);
    }
}
