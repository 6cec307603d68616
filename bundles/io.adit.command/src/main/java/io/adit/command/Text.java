package io.adit.command;

/** How values look to an operator. Stateless. */
final class Text {

    private Text() {
    }

    /** The text as it may stand in a line, whoever sent it. */
    static String printable(String text) {
        String clean = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return clean.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
