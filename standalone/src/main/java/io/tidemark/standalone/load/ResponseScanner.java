package io.tidemark.standalone.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes an HTTP/1.1 response apart as it comes (RFC 9112): its status, and of a body with {@code
 * 200} the bytes, chunked or up to the end of the connection, which go to a {@link FrameScanner}.
 * Confined to one thread.
 */
final class ResponseScanner {
    private static final int HEAD_BYTES_MAX = 16 * 1_024;
    private static final int STATUS_OK = 200;
    private static final int STATUS_CREATED = 201;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})[ \\r]");
    private static final Pattern CHUNKED = Pattern.compile("\\r\\ntransfer-encoding: *chunked\\r");

    private enum Part {
        HEAD,
        SIZE,
        CHUNK,
        AFTER_CHUNK,
        UNFRAMED,
        OVER
    }

    private final FrameScanner frames;
    private final StringBuilder head = new StringBuilder();
    private Part part = Part.HEAD;
    private int status;
    private long size;
    private boolean extension;

    ResponseScanner(FrameScanner frames) {
        this.frames = frames;
    }

    /** Begins with another response. */
    void reset() {
        part = Part.HEAD;
        head.setLength(0);
        status = 0;
        frames.reset();
    }

    /** The status, or 0 before it is known. */
    int status() {
        return status;
    }

    /** Whether the response is an event stream, as far as it is known. */
    boolean streams() {
        return status == STATUS_OK || status == STATUS_CREATED;
    }

    /** Whether all of it has come; never so of a body that only the connection's end ends. */
    boolean over() {
        return part == Part.OVER;
    }

    /**
     * Takes the bytes from an index to another, exclusive.
     *
     * @throws MalformedResponseException if they cannot be a response
     */
    void scan(byte[] bytes, int from, int to) throws MalformedResponseException {
        int at = from;
        while (at < to && part != Part.OVER) {
            at =
                    switch (part) {
                        case HEAD -> head(bytes, at);
                        case SIZE -> size(bytes, at);
                        case CHUNK -> chunk(bytes, at, to);
                        case AFTER_CHUNK -> afterChunk(bytes, at);
                        case UNFRAMED -> {
                            frames.scan(bytes, at, to);
                            yield to;
                        }
                        case OVER -> to;
                    };
        }
    }

    private int head(byte[] bytes, int at) throws MalformedResponseException {
        head.append((char) bytes[at]);
        int length = head.length();
        if (length > HEAD_BYTES_MAX) {
            throw new MalformedResponseException("a head of more than " + HEAD_BYTES_MAX);
        }
        if (bytes[at] == '\n' && length >= 4 && head.substring(length - 4).equals("\r\n\r\n")) {
            begin(head.toString().toLowerCase(Locale.ROOT));
            head.setLength(0);
            head.trimToSize();
        }
        return at + 1;
    }

    private void begin(String text) throws MalformedResponseException {
        var line = STATUS.matcher(text.toUpperCase(Locale.ROOT));
        if (!line.lookingAt()) {
            throw new MalformedResponseException("no status line");
        }
        status = Integer.parseInt(line.group(1));
        if (!streams()) {
            part = Part.OVER;
        } else if (CHUNKED.matcher(text).find()) {
            part = Part.SIZE;
            size = 0;
        } else {
            part = Part.UNFRAMED;
        }
    }

    private int size(byte[] bytes, int at) throws MalformedResponseException {
        byte b = bytes[at];
        if (b == '\n') {
            extension = false;
            part = size == 0 ? Part.OVER : Part.CHUNK;
        } else if (b == ';') {
            extension = true;
        } else if (b != '\r' && !extension) {
            int digit = Character.digit(b, 16);
            if (digit < 0 || size > Integer.MAX_VALUE) {
                throw new MalformedResponseException("no chunk size");
            }
            size = size * 16 + digit;
        }
        return at + 1;
    }

    private int chunk(byte[] bytes, int at, int to) {
        int taken = (int) Math.min(size, to - at);
        frames.scan(bytes, at, at + taken);
        size -= taken;
        if (size == 0) {
            part = Part.AFTER_CHUNK;
        }
        return at + taken;
    }

    private int afterChunk(byte[] bytes, int at) {
        if (bytes[at] == '\n') {
            part = Part.SIZE;
        }
        return at + 1;
    }

    /** The request that asks for the events of a stream. */
    static byte[] get(String host, String path, long after) {
        var tidemark = after < 0 ? "" : "Last-Event-ID: " + after + "\r\n";
        return ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n")
                .concat("Accept: text/event-stream\r\n" + tidemark + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The request that starts a stream and asks for its events at once. */
    static byte[] post(String host, String path, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        return ("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\n")
                .concat("Accept: text/event-stream\r\nContent-Type: application/json\r\n")
                .concat("Content-Length: " + body.length + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.UTF_8);
    }
}
