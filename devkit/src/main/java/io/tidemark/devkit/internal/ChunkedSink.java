package io.tidemark.devkit.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A body in HTTP/1.1 chunks (RFC 9112, 7.1): one per flush, and one whenever the buffer is full.
 * Confined to one thread.
 */
final class ChunkedSink implements BodySink {

    private static final int CHUNK_BYTES_MAX = 16 << 10;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Room for the size line before a chunk and the line end after it: one write, one segment. */
    private static final int FRAMING_BYTES = 16;

    private final OutputStream out;
    private final byte[] chunk = new byte[CHUNK_BYTES_MAX];
    private final byte[] framed = new byte[CHUNK_BYTES_MAX + FRAMING_BYTES];
    private int buffered;

    ChunkedSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        var next = from;
        var end = from + length;
        while (next < end) {
            var count = Math.min(end - next, CHUNK_BYTES_MAX - buffered);
            System.arraycopy(bytes, next, chunk, buffered, count);
            buffered += count;
            next += count;
            if (buffered == CHUNK_BYTES_MAX) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (buffered == 0) {
            return;
        }
        var size = (Integer.toHexString(buffered) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, framed, 0, size.length);
        System.arraycopy(chunk, 0, framed, size.length, buffered);
        System.arraycopy(CRLF, 0, framed, size.length + buffered, CRLF.length);
        out.write(framed, 0, size.length + buffered + CRLF.length);
        out.flush();
        buffered = 0;
    }

    @Override
    public void end() throws IOException {
        flush();
        out.write(LAST);
        out.flush();
    }
}
