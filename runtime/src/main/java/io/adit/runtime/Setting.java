package io.adit.runtime;

/** One {@code --set PID:key=value}. Immutable. */
record Setting(String pid, String key, String value) {

    /** @throws IllegalArgumentException with a line for the user when the text is of another form */
    static Setting parse(String text) {
        int equals = text.indexOf('=');
        int colon = equals < 0 ? -1 : text.lastIndexOf(':', equals);
        if (colon < 1 || colon == equals - 1) {
            throw new IllegalArgumentException("--set wants PID:key=value, not '" + text + "'");
        }
        String pid = text.substring(0, colon);
        if (!pid.matches("[A-Za-z0-9_.]+(~[A-Za-z0-9_.-]+)?")) {
            // FileInstall would take what follows a hyphen for the name of an instance.
            throw new IllegalArgumentException("--set: '" + pid + "' is not a PID (an instance of a factory is PID~name)");
        }
        return new Setting(pid, text.substring(colon + 1, equals), text.substring(equals + 1));
    }
}
