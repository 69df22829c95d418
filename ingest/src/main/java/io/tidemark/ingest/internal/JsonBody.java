package io.tidemark.ingest.internal;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A body of JSON: its first character says whether it is an array, of which each element is an
 * event, or one whole answer.
 */
final class JsonBody implements UpstreamBody {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final UpstreamBody array;
    private final UpstreamBody whole;
    private @Nullable UpstreamBody chosen;

    /**
     * @param array what reads it if it is an array
     * @param whole what reads it if it is anything else
     */
    JsonBody(UpstreamBody array, UpstreamBody whole) {
        this.array = array;
        this.whole = whole;
    }

    @Override
    public List<Draft> bytes(ByteBuffer chunk) {
        while (chosen == null && chunk.hasRemaining()) {
            byte first = chunk.get(chunk.position());
            if (blank(first)) {
                chunk.get();
            } else {
                chosen = first == '[' ? array : whole;
            }
        }
        return chosen == null ? List.of() : chosen.bytes(chunk);
    }

    @Override
    public List<Draft> end() {
        return chosen == null ? whole.end() : chosen.end();
    }

    @Override
    public boolean streamed() {
        return chosen == array;
    }

    private static boolean blank(byte character) {
        for (byte mark : BYTE_ORDER_MARK) {
            if (character == mark) {
                return true;
            }
        }
        return character == ' ' || character == '\t' || character == '\n' || character == '\r';
    }
}
