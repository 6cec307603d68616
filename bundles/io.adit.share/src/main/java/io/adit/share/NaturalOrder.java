package io.adit.share;

import java.util.Comparator;

/**
 * Orders names as people do: upper and lower case alike, runs of digits by their value, so that "2.jpg" comes before "10.jpg".
 */
enum NaturalOrder implements Comparator<String> {

    INSTANCE;

    @Override
    public int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int order;
            if (digit(a.charAt(i)) && digit(b.charAt(j))) {
                int endA = run(a, i);
                int endB = run(b, j);
                order = number(a.substring(i, endA), b.substring(j, endB));
                i = endA;
                j = endB;
            } else {
                int left = a.codePointAt(i);
                int right = b.codePointAt(j);
                order = Integer.compare(Character.toLowerCase(left), Character.toLowerCase(right));
                i += Character.charCount(left);
                j += Character.charCount(right);
            }
            if (order != 0) {
                return order;
            }
        }
        int order = Integer.compare(a.length() - i, b.length() - j);
        return order != 0 ? order : a.compareTo(b);
    }

    /** Compares numbers of any length: without leading zeros the longer is the larger. */
    private static int number(String a, String b) {
        String left = a.replaceFirst("^0+", "");
        String right = b.replaceFirst("^0+", "");
        return left.length() != right.length() ? Integer.compare(left.length(), right.length()) : left.compareTo(right);
    }

    private static int run(String text, int start) {
        int end = start;
        while (end < text.length() && digit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
