package io.adit.console;

import java.util.Map;

import io.nayuki.qrcodegen.QrCode;

/** QR codes (ISO/IEC 18004) as what a page needs to draw them. Stateless. */
final class Qr {

    /** Light modules that the standard wants around it. */
    private static final int QUIET = 4;

    private Qr() {
    }

    /**
     * The code of a text of at most 2,000 characters or so.
     *
     * @return {@code size} of the picture in modules, and {@code path}, the dark ones as SVG path data
     */
    static Map<String, Object> of(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                int begin = x;
                while (code.getModule(x, y)) { // false outside
                    x++;
                }
                if (x > begin) {
                    path.append('M').append(begin + QUIET).append(' ').append(y + QUIET).append('h').append(x - begin).append("v1h-").append(x - begin).append('z');
                }
            }
        }
        return Json.object("size", code.size + 2 * QUIET, "path", path.toString());
    }
}
