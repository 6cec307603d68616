package io.adit.acme;

/** Why something failed, for one line of the log. Stateless. */
final class Reason {

    private static final int MOST = 500;

    private Reason() {
    }

    /** The messages of a failure and its causes, each once. The ACME server has a say in them, so they are bounded and in one line. */
    static String of(Throwable failure) {
        StringBuilder all = new StringBuilder();
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 5; depth++) {
            String message = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
            if (all.indexOf(message) < 0) {
                all.append(all.isEmpty() ? "" : ": ").append(message);
            }
            each = each.getCause();
        }
        String line = all.toString().replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
        return line.length() > MOST ? line.substring(0, MOST) + "..." : line;
    }
}
