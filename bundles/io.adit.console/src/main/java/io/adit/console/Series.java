package io.adit.console;

import java.util.ArrayList;
import java.util.List;

/** The last values of something that is measured at equal distances. Not thread-safe. */
final class Series {

    /** Two minutes, at one a second. */
    static final int LENGTH = 120;

    private final float[] values = new float[LENGTH];
    private int next;
    private int size;

    void add(double value) {
        values[next] = (float) value;
        next = (next + 1) % LENGTH;
        size = Math.min(LENGTH, size + 1);
    }

    double last() {
        return size == 0 ? 0 : values[(next + LENGTH - 1) % LENGTH];
    }

    /** The oldest first, rounded to what a plot shows. */
    List<Double> values() {
        List<Double> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            double value = values[(next + LENGTH - size + i) % LENGTH];
            list.add(value >= 100 ? Math.rint(value) : Math.rint(value * 1000) / 1000);
        }
        return list;
    }
}
