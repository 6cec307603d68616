package io.adit.runtime;

/** Turns an exception into the one line that a user gets to see. */
final class Failures {

    private static final int LONGEST = 400;

    private Failures() {
    }

    /** The message of the exception, or its kind where it has none, on one line of bounded length. */
    static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            message = failure.getClass().getSimpleName();
        } else if (failure instanceof java.nio.file.FileSystemException) {
            // Their message is often nothing but the path.
            message = failure.getClass().getSimpleName().replaceAll("Exception$", "") + ": " + message;
        }
        return oneLine(message);
    }

    static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").trim();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
