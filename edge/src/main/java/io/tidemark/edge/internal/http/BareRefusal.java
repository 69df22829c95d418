package io.tidemark.edge.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Gives a body to the answer of a connection's last request, if that is the bare 400 with which
 * Undertow refuses what is not HTTP, before any handler knows of it ({@code docs/protocol.md},
 * section 12). Everything else passes as it is. Confined to the connection's I/O thread.
 */
final class BareRefusal extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private static final int BARE_BYTES_MAX = 1_024;
    private static final int DISCARD_BYTES = 16 * 1_024;
    private static final int DISCARDS_MAX = 16;

    private final StreamSourceConduit source;
    private final Problem problem;
    private final Runnable refused;
    private @Nullable ByteBuffer instead;

    private BareRefusal(
            StreamSinkConduit sink, StreamSourceConduit source, Problem problem, Runnable refused) {
        super(sink);
        this.source = source;
        this.problem = problem;
        this.refused = refused;
    }

    /**
     * Sees to a connection that was just accepted.
     *
     * @param problem what is answered
     * @param refused told each time
     */
    static void install(StreamConnection connection, Problem problem, Runnable refused) {
        var sink = connection.getSinkChannel();
        var source = connection.getSourceChannel().getConduit();
        sink.setConduit(new BareRefusal(sink.getConduit(), source, problem, refused));
    }

    /* The bare answer counts as written when the one in its place is; until then nothing of it does. */
    @Override
    public int write(ByteBuffer src) throws IOException {
        if (instead == null) {
            if (!isBare(src)) {
                return next.write(src);
            }
            instead = answer();
            refused.run();
            discardInput();
        }
        while (instead.hasRemaining()) {
            if (next.write(instead) == 0) {
                return 0;
            }
        }
        int taken = src.remaining();
        src.position(src.limit());
        instead = null;
        return taken;
    }

    @Override
    public int writeFinal(ByteBuffer src) throws IOException {
        return Conduits.writeFinalBasic(this, src);
    }

    /* No body of ours holds CR LF twice, so what is left of one after a short write never matches. */
    private static boolean isBare(ByteBuffer src) {
        if (src.remaining() > BARE_BYTES_MAX || !src.hasRemaining() || first(src) != 'H') {
            return false;
        }
        var text = ISO_8859_1.decode(src.duplicate()).toString();
        return text.startsWith("HTTP/1.")
                && text.startsWith(" 400 ", "HTTP/1.1".length())
                && text.contains("\r\nContent-Length: 0\r\n")
                && text.endsWith("\r\n\r\n");
    }

    private static byte first(ByteBuffer src) {
        return src.get(src.position());
    }

    private ByteBuffer answer() {
        var body = problem.json().getBytes(UTF_8);
        var head =
                """
                HTTP/1.1 %d Bad Request
                Content-Type: %s
                Content-Length: %d
                Cache-Control: no-store
                X-Content-Type-Options: nosniff
                Connection: close

                """
                        .formatted(problem.status(), Problem.CONTENT_TYPE, body.length)
                        .replace("\n", "\r\n")
                        .getBytes(ISO_8859_1);
        return ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip();
    }

    /* A connection that is closed with input unread is reset, and the answer may be lost with it. */
    private void discardInput() throws IOException {
        var scratch = ByteBuffer.allocate(DISCARD_BYTES);
        for (int i = 0; i < DISCARDS_MAX && source.read(scratch.clear()) > 0; i++) {
            scratch.clear();
        }
    }
}
