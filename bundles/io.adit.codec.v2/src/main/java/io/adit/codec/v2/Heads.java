package io.adit.codec.v2;

/** The small tables of version 2: methods, schemes, protocols and statuses (PROTOCOL C2-3). Frozen like the dictionary. Index 0: a literal. */
final class Heads {

    static final String[] METHODS = {null, "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "PROPPATCH",
        "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH", "QUERY"};
    static final String[] SCHEMES = {null, "http", "https"};
    static final String[] PROTOCOLS = {null, "HTTP/1.1", "HTTP/2.0", "HTTP/3.0", "HTTP/1.0"};

    static final int[] STATUSES = {0, 200, 204, 206, 304, 301, 302, 303, 307, 308, 400, 401, 403, 404, 500, 502, 503, 504, 100, 101, 103, 201, 202, 207,
        405, 406, 408, 409, 410, 411, 412, 413, 415, 416, 417, 421, 422, 423, 425, 426, 428, 429, 431, 501, 505, 507};
    static final String[] REASONS = {null, "OK", "No Content", "Partial Content", "Not Modified", "Moved Permanently", "Found", "See Other",
        "Temporary Redirect", "Permanent Redirect", "Bad Request", "Unauthorized", "Forbidden", "Not Found", "Internal Server Error", "Bad Gateway",
        "Service Unavailable", "Gateway Timeout", "Continue", "Switching Protocols", "Early Hints", "Created", "Accepted", "Multi-Status",
        "Method Not Allowed", "Not Acceptable", "Request Timeout", "Conflict", "Gone", "Length Required", "Precondition Failed", "Payload Too Large",
        "Unsupported Media Type", "Range Not Satisfiable", "Expectation Failed", "Misdirected Request", "Unprocessable Entity", "Locked", "Too Early",
        "Upgrade Required", "Precondition Required", "Too Many Requests", "Request Header Fields Too Large", "Not Implemented",
        "HTTP Version Not Supported", "Insufficient Storage"};

    private static final byte[] BY_STATUS = byStatus();

    private Heads() {
    }

    /** The index of that text, or 0. */
    static int find(String[] table, String text) {
        for (int i = 1; i < table.length; i++) {
            if (table[i].equals(text)) {
                return i;
            }
        }
        return 0;
    }

    /** The index of that status, or 0. */
    static int status(int status) {
        return status >= 0 && status < BY_STATUS.length ? BY_STATUS[status] : 0;
    }

    private static byte[] byStatus() {
        byte[] index = new byte[600];
        for (int i = 1; i < STATUSES.length; i++) {
            index[STATUSES[i]] = (byte) i;
        }
        return index;
    }
}
