package io.tidemark.devkit.internal;

import java.util.Map;

/** A request as read from the wire. Confined to the connection's thread. */
final class HttpRequest {

    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;

    HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {
        this.method = method;
        this.path = path;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    String method() {
        return method;
    }

    /** Without the query. */
    String path() {
        return path;
    }

    /** Names in lower case; repeated ones joined by a comma. */
    Map<String, String> headers() {
        return headers;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    byte[] body() {
        return body;
    }

    boolean wantsClose() {
        return header("connection").equalsIgnoreCase("close");
    }

    @Override
    public String toString() {
        return "HttpRequest[" + method + " " + path + ", " + body.length + " bytes]";
    }
}
