package io.adit.command;

import java.util.List;

import io.adit.api.ProxyManager.ProxyInfo;

/** How values look to an operator. Stateless. */
final class Text {

    private Text() {
    }

    static String codec(int version) {
        return version == 0 ? "-" : "v" + version;
    }

    /** Name, state, since, tunnel, peers and capacity. */
    static List<String> row(ProxyInfo info) {
        return List.of(info.name(), info.state(), info.since().toString(), info.tunnel().isEmpty() ? "-" : info.tunnel(), Integer.toString(info.peers()),
                Integer.toString(info.capacity()));
    }

    /** The text as it may stand in a line, whoever sent it. */
    static String printable(String text) {
        String clean = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return clean.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** Rows of equal length as lines with aligned columns, two spaces between. */
    static String table(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            if (text.length() > 0) {
                text.append('\n');
            }
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                text.append(cell);
                if (column < row.size() - 1) {
                    int index = column;
                    int width = rows.stream().mapToInt(each -> each.get(index).length()).max().orElse(0);
                    text.append(" ".repeat(width - cell.length() + 2));
                }
            }
        }
        return text.toString();
    }
}
