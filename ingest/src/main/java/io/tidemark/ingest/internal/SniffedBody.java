package io.tidemark.ingest.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A body that is not announced as an event stream, which does not mean that it is none: its first
 * characters say whether it is a JSON array, of which each element is an event, an event stream, or
 * one whole answer or refusal.
 */
final class SniffedBody implements UpstreamBody {
    private static final List<String> STREAM_BEGINNINGS =
            List.of(":", "data:", "event:", "id:", "retry:");
    private static final String BLANK = " \t\r\n\u00EF\u00BB\u00BF"; // a byte order mark is blank

    private final UpstreamBody array;
    private final UpstreamBody stream;
    private final UpstreamBody whole;
    /* What came before it was known what it is, without what was blank; a few characters. */
    private final StringBuilder beginning = new StringBuilder();
    private @Nullable UpstreamBody chosen;

    /**
     * @param array what reads it if it is an array
     * @param stream what reads it if it is an event stream
     * @param whole what reads it if it is anything else
     */
    SniffedBody(UpstreamBody array, UpstreamBody stream, UpstreamBody whole) {
        this.array = array;
        this.stream = stream;
        this.whole = whole;
    }

    @Override
    public List<Draft> bytes(ByteBuffer chunk) {
        while (chosen == null && chunk.hasRemaining()) {
            char next = (char) (chunk.get() & 0xFF);
            if (!beginning.isEmpty() || BLANK.indexOf(next) < 0) {
                beginning.append(next);
                chosen = choice(beginning.toString());
            }
        }
        if (chosen == null) {
            return List.of();
        }
        var drafts = new ArrayList<>(begun(chosen));
        drafts.addAll(chosen.bytes(chunk));
        return drafts;
    }

    @Override
    public List<Draft> end() {
        chosen = chosen == null ? whole : chosen;
        var drafts = new ArrayList<>(begun(chosen));
        drafts.addAll(chosen.end());
        return drafts;
    }

    @Override
    public boolean streamed() {
        return chosen != null && chosen.streamed();
    }

    /* Hands over what was looked at, once. */
    private List<Draft> begun(UpstreamBody body) {
        if (beginning.isEmpty()) {
            return List.of();
        }
        var bytes = ByteBuffer.wrap(beginning.toString().getBytes(ISO_8859_1));
        beginning.setLength(0);
        return body.bytes(bytes);
    }

    private @Nullable UpstreamBody choice(String start) {
        if (start.startsWith("[")) {
            return array;
        }
        if (STREAM_BEGINNINGS.contains(start)) {
            return stream;
        }
        boolean open = STREAM_BEGINNINGS.stream().anyMatch(known -> known.startsWith(start));
        return open ? null : whole;
    }
}
