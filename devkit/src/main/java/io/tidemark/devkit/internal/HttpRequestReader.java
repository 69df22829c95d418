package io.tidemark.devkit.internal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads HTTP/1.1 requests (RFC 9112) within limits: request line, headers, and a body by {@code
 * content-length} or in chunks. Confined to the connection's thread.
 */
final class HttpRequestReader {

    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final OutputStream out;
    private final int headerBytesMax;
    private final int bodyBytesMax;
    private int headerBytes;

    HttpRequestReader(InputStream in, OutputStream out, int headerBytesMax, int bodyBytesMax) {
        this.in = in;
        this.out = out;
        this.headerBytesMax = headerBytesMax;
        this.bodyBytesMax = bodyBytesMax;
    }

    /**
     * The next request.
     *
     * @throws HttpProtocolException if it is not HTTP or beyond a limit
     * @throws EOFException if the client has closed
     */
    HttpRequest read() throws IOException {
        headerBytes = 0;
        var requestLine = readLine().split(" ", -1);
        if (requestLine.length != 3 || !requestLine[2].startsWith("HTTP/1.")) {
            throw new HttpProtocolException(400, "the request line is not HTTP/1.1");
        }
        var headers = readHeaders();
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write(CONTINUE);
            out.flush();
        }
        var target = requestLine[1].split("\\?", 2);
        var query = target.length > 1 ? target[1] : "";
        return new HttpRequest(requestLine[0], target[0], query, headers, readBody(headers));
    }

    private Map<String, String> readHeaders() throws IOException {
        var headers = new HashMap<String, String>();
        for (var line = readLine(); !line.isEmpty(); line = readLine()) {
            var colon = line.indexOf(':');
            if (colon < 1) {
                throw new HttpProtocolException(400, "a header line has no name");
            }
            var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + "," + b);
        }
        return headers;
    }

    private byte[] readBody(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return readChunks();
        }
        var length = parseLength(headers.getOrDefault("content-length", "0"), 10);
        return readExactly(length);
    }

    private byte[] readChunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            headerBytes = 0;
            var size = parseLength(readLine().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                readHeaders();
                return body.toByteArray();
            }
            requireBodyWithin((long) body.size() + size);
            body.write(readExactly(size));
            readLine();
        }
    }

    private int parseLength(String text, int radix) throws HttpProtocolException {
        try {
            var length = Long.parseLong(text, radix);
            if (length < 0) {
                throw new HttpProtocolException(400, "a body length is negative");
            }
            requireBodyWithin(length);
            return (int) length;
        } catch (NumberFormatException e) {
            throw new HttpProtocolException(400, "a body length is not a number");
        }
    }

    private void requireBodyWithin(long length) throws HttpProtocolException {
        if (length > bodyBytesMax) {
            throw new HttpProtocolException(
                    413,
                    "the body has " + length + " bytes, at most " + bodyBytesMax + " are read");
        }
    }

    private byte[] readExactly(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            if (++headerBytes > headerBytesMax) {
                throw new HttpProtocolException(
                        431, "the headers have more than " + headerBytesMax + " bytes");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
