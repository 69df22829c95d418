package io.tidemark.ingest.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * An incremental parser of one JSON array over bytes cut at any position: each element is reported
 * as a frame as soon as it is whole. It finds where elements end and leaves it to the reader
 * whether they are valid. What stands before and behind the array is ignored. Confined to one
 * thread; holds at most one element.
 *
 * <pre>
 *   before --[--&gt; between --any other character--&gt; inside
 *                 |  ^---------end of element--------'
 *                 `--]--&gt; after
 * </pre>
 */
public final class JsonArrayParser implements SignalParser {
    private static final int ELEMENT_BYTES_START = 512;

    /* A buffer that one large element blew up is not kept for the small ones that follow. */
    private static final int ELEMENT_BYTES_KEPT = 64 * 1024;

    private enum Place {
        BEFORE,
        BETWEEN,
        INSIDE,
        AFTER
    }

    private final int elementBytesMax;

    private ByteArrayOutputStream element = new ByteArrayOutputStream(ELEMENT_BYTES_START);
    private Place place = Place.BEFORE;
    private int depth;
    private boolean quoted;
    private boolean escaped;

    /**
     * @param elementBytesMax most bytes to hold of one element; one that needs more is reported as
     *     {@link SseSignal.Overflow}, and everything behind it is ignored
     */
    public JsonArrayParser(int elementBytesMax) {
        if (elementBytesMax <= 0) {
            throw new IllegalArgumentException(
                    "elementBytesMax must be positive, was " + elementBytesMax);
        }
        this.elementBytesMax = elementBytesMax;
    }

    @Override
    public void feed(ByteBuffer chunk, Consumer<? super SseSignal> signals) {
        while (chunk.hasRemaining()) {
            switch (place) {
                case BEFORE -> place = chunk.get() == '[' ? Place.BETWEEN : Place.BEFORE;
                case BETWEEN -> between(chunk);
                case INSIDE -> inside(chunk, signals);
                case AFTER -> chunk.position(chunk.limit());
            }
        }
    }

    @Override
    public void end(Consumer<? super SseSignal> signals) {
        if (place == Place.INSIDE) {
            signals.accept(new SseSignal.Unfinished(SseFrame.of(takeElement())));
        }
        place = Place.AFTER;
    }

    private void between(ByteBuffer chunk) {
        byte next = chunk.get(chunk.position());
        if (next == ']') {
            place = Place.AFTER;
        } else if (!blank(next) && next != ',') {
            place = Place.INSIDE;
            return; // the element's first character is the element's
        }
        chunk.get();
    }

    private void inside(ByteBuffer chunk, Consumer<? super SseSignal> signals) {
        int start = chunk.position();
        int at = start;
        boolean ended = false;
        while (at < chunk.limit() && !ended) {
            byte next = chunk.get(at);
            ended = endsBefore(next);
            if (!ended) {
                ended = endsWith(next);
                at++;
            }
        }
        if (at - start > elementBytesMax - element.size()) {
            overflow(chunk, signals);
            return;
        }
        var bytes = new byte[at - start];
        chunk.get(bytes);
        element.writeBytes(bytes);
        if (ended) {
            place = Place.BETWEEN;
            signals.accept(new SseSignal.Frame(SseFrame.of(takeElement())));
        }
    }

    /* A number or a word has no end of its own. */
    private boolean endsBefore(byte next) {
        return !quoted && depth == 0 && (blank(next) || next == ',' || next == ']');
    }

    private boolean endsWith(byte next) {
        if (quoted) {
            boolean closing = next == '"' && !escaped;
            escaped = next == '\\' && !escaped;
            quoted = !closing;
            return closing && depth == 0;
        }
        switch (next) {
            case '"' -> quoted = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth = Math.max(0, depth - 1);
                return depth == 0;
            }
            default -> {}
        }
        return false;
    }

    private void overflow(ByteBuffer chunk, Consumer<? super SseSignal> signals) {
        element = new ByteArrayOutputStream();
        place = Place.AFTER;
        chunk.position(chunk.limit());
        signals.accept(new SseSignal.Overflow(elementBytesMax));
    }

    private String takeElement() {
        var text = element.toString(StandardCharsets.UTF_8);
        if (element.size() > ELEMENT_BYTES_KEPT) {
            element = new ByteArrayOutputStream(ELEMENT_BYTES_START);
        } else {
            element.reset();
        }
        return text;
    }

    private static boolean blank(byte next) {
        return next == ' ' || next == '\t' || next == '\n' || next == '\r';
    }
}
