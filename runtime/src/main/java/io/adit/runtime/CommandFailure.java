package io.adit.runtime;

/** A command that cannot go on: one line for the user and the exit code. Its stack trace is for the log only. */
final class CommandFailure extends Exception {

    static final int RUN_TIME = 1;
    static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final boolean isRefused;

    private CommandFailure(int exitCode, String message, Throwable cause) {
        this(exitCode, message, cause, false);
    }

    private CommandFailure(int exitCode, String message, Throwable cause, boolean isRefused) {
        super(message, cause);
        this.exitCode = exitCode;
        this.isRefused = isRefused;
    }

    /** The arguments are wrong: exit code 2. */
    static CommandFailure usage(String message) {
        return new CommandFailure(USAGE, message, null);
    }

    /** The arguments are right but it did not work: exit code 1. */
    static CommandFailure runTime(String message) {
        return new CommandFailure(RUN_TIME, message, null);
    }

    static CommandFailure runTime(String message, Throwable cause) {
        return new CommandFailure(RUN_TIME, message, cause);
    }

    static CommandFailure withCode(int exitCode, String message) {
        return new CommandFailure(exitCode, message, null);
    }

    /** The container does not start with that configuration: what the command line said is not kept. */
    static CommandFailure refused(String message) {
        return new CommandFailure(RUN_TIME, message, null, true);
    }

    boolean isRefused() {
        return isRefused;
    }

    int exitCode() {
        return exitCode;
    }
}
