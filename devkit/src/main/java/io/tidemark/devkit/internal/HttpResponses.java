package io.tidemark.devkit.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes response heads and whole responses. Stateless. */
final class HttpResponses {

    private static final Map<Integer, String> REASONS =
            Map.ofEntries(
                    Map.entry(200, "OK"),
                    Map.entry(307, "Temporary Redirect"),
                    Map.entry(400, "Bad Request"),
                    Map.entry(401, "Unauthorized"),
                    Map.entry(403, "Forbidden"),
                    Map.entry(404, "Not Found"),
                    Map.entry(405, "Method Not Allowed"),
                    Map.entry(413, "Content Too Large"),
                    Map.entry(429, "Too Many Requests"),
                    Map.entry(431, "Request Header Fields Too Large"),
                    Map.entry(500, "Internal Server Error"),
                    Map.entry(502, "Bad Gateway"),
                    Map.entry(503, "Service Unavailable"),
                    Map.entry(504, "Gateway Timeout"),
                    Map.entry(529, "Overloaded"));

    private HttpResponses() {}

    /** A head for a chunked body. */
    static void writeChunkedHead(OutputStream out, int statusCode, Map<String, String> headers)
            throws IOException {
        var head = head(statusCode, headers).append("transfer-encoding: chunked\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** A head for a body of known length. */
    static void writeHead(
            OutputStream out, int statusCode, Map<String, String> headers, int bodyBytes)
            throws IOException {
        var head = head(statusCode, headers);
        head.append("content-length: ").append(bodyBytes).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static StringBuilder head(int statusCode, Map<String, String> headers) {
        var head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(statusCode).append(' ');
        head.append(REASONS.getOrDefault(statusCode, "Other")).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head;
    }
}
