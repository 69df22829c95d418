package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How frames stand in the body of a response. */
enum Format {
    /** Server-sent events: frames as they are. */
    EVENT_STREAM("text/event-stream; charset=utf-8") {
        @Override
        ByteBuffer bytes(Frame frame) {
            return frame.bytes();
        }
    },

    /** One JSON object per line; whatever else an event stream says is an empty line. */
    LINES(Accept.NDJSON) {
        @Override
        ByteBuffer bytes(Frame frame) {
            return frame.kind() == Frame.Kind.CONTROL ? EMPTY_LINE.duplicate() : frame.line();
        }
    },

    /** JSON objects; what stands between them comes as control frames. */
    PAGE(Accept.JSON) {
        @Override
        ByteBuffer bytes(Frame frame) {
            return frame.kind() == Frame.Kind.CONTROL ? frame.bytes() : frame.json();
        }
    };

    private static final ByteBuffer EMPTY_LINE =
            ByteBuffer.wrap("\n".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();

    private final String contentType;

    Format(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** What is written for a frame; a view of its own. */
    abstract ByteBuffer bytes(Frame frame);
}
