package io.adit.connector;

/** Why there is no connection: one line for people, without any secret. */
final class DialException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean login;

    private DialException(String message, boolean login) {
        super(message);
        this.login = login;
    }

    DialException(String message) {
        this(message, false);
    }

    /** The forward proxy refused the login that it was sent: trying the same one again and again may get the account of its user locked. */
    static DialException login(String message) {
        return new DialException(message, true);
    }

    /** The same failure, with its subject in front. */
    DialException of(String subject) {
        return new DialException(subject + " " + getMessage(), login);
    }

    boolean isLogin() {
        return login;
    }
}
