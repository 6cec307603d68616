package io.adit.proxy;

import java.util.List;

import io.adit.api.packet.Fields;

/** How many more hops a request may take (RFC 9110 section 7.6.2). Pure functions. */
final class MaxForwards {

    static final String NAME = "max-forwards";
    static final int NONE = -1;
    static final int BAD = -2;

    private MaxForwards() {
    }

    /** @return the number, capped at what an int holds; {@link #NONE} where the request has none, {@link #BAD} where it is no number */
    static int of(String method, Fields fields) {
        List<String> values = method.equals("OPTIONS") ? fields.all(NAME) : List.of();
        if (values.isEmpty()) {
            return NONE;
        }
        String text = values.get(0).strip();
        if (values.size() > 1 || !text.matches("[0-9]{1,100}")) {
            return BAD;
        }
        String digits = text.replaceFirst("^0+(?=.)", "");
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }
}
