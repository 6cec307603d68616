package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import org.junit.Test;

public class LookAlikesTest {

    @Test
    public void theseLookAlike() {
        String[][] table = {
            {"paypal", "paypa1", "pay-pal", "paypai", "p-a-y-pal"},
            {"google", "g00gle", "go0gie", "goog1e"},
            {"modern", "rnodern", "rnodem", "r-nodern"},
            {"www2", "vvvvvv2", "wvvw2", "vww-v2"},
            {"vw", "vvv", "wv"},
            {"hello", "he11o", "hei1o", "hell0"},
            {"a", "a"},
        };
        for (String[] row : table) {
            for (String name : row) {
                assertEquals(name, LookAlikes.skeleton(row[0]), LookAlikes.skeleton(name));
            }
        }
    }

    @Test
    public void theseDoNot() {
        String[][] table = {
            {"n1-11", "n11-1", "n111"}, {"room-10", "room-100", "room-11"}, {"alpha", "alfa"}, {"bravo", "brav"}, {"peer-2", "peer-3"}, {"guess", "guest"},
            {"demo", "dema"}, {"2026-1", "202-61"},
        };
        for (String[] row : table) {
            for (int i = 1; i < row.length; i++) {
                assertNotEquals(LookAlikes.skeleton(row[0]), LookAlikes.skeleton(row[i]));
            }
        }
    }

    @Test
    public void aSkeletonOfASkeletonIsTheSame() {
        for (String name : new String[] {"modern-w1", "10-01", "illicit", "a-b--c"}) {
            String skeleton = LookAlikes.skeleton(name);
            assertEquals(skeleton.replace("-", ""), LookAlikes.skeleton(skeleton).replace("-", ""));
        }
    }
}
