package io.adit.registry;

/**
 * Which names a reader takes for each other, after the idea of Unicode Technical Standard 39 section 4: two names look alike when their skeletons are
 * the same. A name has only letters, digits and hyphens here, so the table is short, and stricter than that of the standard, which is for exact
 * glyphs: an address is read in passing, in any font, and in either case.
 *
 * <p>Stateless.
 */
final class LookAlikes {

    private LookAlikes() {
    }

    /** @param name in lower case; no result is a name, so skeletons are compared with skeletons only */
    static String skeleton(String name) {
        StringBuilder skeleton = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
            case '0' -> skeleton.append('o');
            case '1', 'i' -> skeleton.append('l');
            case 'm' -> skeleton.append("rn");
            case 'w' -> skeleton.append("vv");
            case '-' -> {
                // 1-12 and 11-2 are numbers that nobody takes for each other
                if (i > 0 && i < name.length() - 1 && isDigit(name.charAt(i - 1)) && isDigit(name.charAt(i + 1))) {
                    skeleton.append(c);
                }
            }
            default -> skeleton.append(c);
            }
        }
        return skeleton.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
