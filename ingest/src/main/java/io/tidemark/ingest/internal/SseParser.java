package io.tidemark.ingest.internal;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * An incremental parser of the WHATWG event-stream format ("9.2.6 Interpreting an event stream")
 * over bytes cut at any position. Confined to one thread.
 *
 * <p>Departs from the standard for servers that are no browsers' servers: lines without a known
 * field name are reported rather than ignored, and so is the event that the bytes ended in, of
 * which the last line need not have ended. It departs for economy where no server is known to care:
 * a reconnection time of more than nine digits is ignored, and a surrogate that was encoded by
 * itself becomes one U+FFFD instead of three. Holds at most one event and the last id, together of
 * at most the given size.
 */
public final class SseParser implements SignalParser {
    /** Largest event held, in bytes: a whole generated image in base64 comes as one event. */
    public static final int FRAME_BYTES_MAX = 16 * 1024 * 1024;

    /* Longest reconnection time taken at its word; the digits are the server's to choose. */
    private static final int RETRY_DIGITS_MAX = 9;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final int LINE_BYTES_START = 512;

    /* A buffer that one large event blew up is not kept for the small ones that follow. */
    private static final int LINE_BYTES_KEPT = 64 * 1024;

    private final int frameBytesMax;

    private ByteArrayOutputStream line = new ByteArrayOutputStream(LINE_BYTES_START);
    private StringBuilder data = new StringBuilder();
    private @Nullable String event;
    private @Nullable String lastEventId;
    private boolean firstLine = true;
    private boolean afterCarriageReturn;
    private boolean overflown;

    public SseParser() {
        this(FRAME_BYTES_MAX);
    }

    /**
     * @param frameBytesMax most bytes to hold of one event, its name and id included; one that
     *     needs more is reported as {@link SseSignal.Overflow}
     */
    public SseParser(int frameBytesMax) {
        if (frameBytesMax <= 0) {
            throw new IllegalArgumentException(
                    "frameBytesMax must be positive, was " + frameBytesMax);
        }
        this.frameBytesMax = frameBytesMax;
    }

    @Override
    public void feed(ByteBuffer chunk, Consumer<? super SseSignal> signals) {
        while (chunk.hasRemaining() && !overflown) {
            int start = chunk.position();
            int end = start;
            while (end < chunk.limit() && !isLineEnd(chunk.get(end))) {
                end++;
            }
            append(chunk, end - start, signals);
            if (end < chunk.limit() && !overflown) {
                lineEnd(chunk.get(), signals);
            }
        }
        chunk.position(chunk.limit());
    }

    @Override
    public void end(Consumer<? super SseSignal> signals) {
        if (overflown) {
            return;
        }
        if (line.size() > 0) {
            endOfLine(signals);
        }
        if (!data.isEmpty()) {
            signals.accept(new SseSignal.Unfinished(frame()));
        }
        reset();
    }

    private static boolean isLineEnd(byte next) {
        return next == '\n' || next == '\r';
    }

    private void append(ByteBuffer chunk, int count, Consumer<? super SseSignal> signals) {
        if (count == 0) {
            return;
        }
        afterCarriageReturn = false;
        if (count > frameBytesMax - held()) {
            overflown = true;
            line = new ByteArrayOutputStream();
            reset();
            signals.accept(new SseSignal.Overflow(frameBytesMax));
            return;
        }
        var bytes = new byte[count];
        chunk.get(bytes);
        line.writeBytes(bytes);
    }

    private int held() {
        int name = event == null ? 0 : event.length();
        int id = lastEventId == null ? 0 : lastEventId.length();
        return line.size() + data.length() + name + id;
    }

    /* CRLF is one line end, also when a chunk ends between the two. */
    private void lineEnd(byte end, Consumer<? super SseSignal> signals) {
        boolean secondOfPair = afterCarriageReturn && end == '\n';
        afterCarriageReturn = end == '\r';
        if (!secondOfPair) {
            endOfLine(signals);
        }
    }

    private void endOfLine(Consumer<? super SseSignal> signals) {
        var text = takeLine();
        if (text.isEmpty()) {
            endOfFrame(signals);
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            signals.accept(new SseSignal.Comment());
            return;
        }
        var name = colon < 0 ? text : text.substring(0, colon);
        int from = colon < 0 ? text.length() : colon + 1;
        boolean space = from < text.length() && text.charAt(from) == ' ';
        field(name, text.substring(space ? from + 1 : from), text, signals);
    }

    private String takeLine() {
        var text = line.toString(StandardCharsets.UTF_8);
        if (line.size() > LINE_BYTES_KEPT) {
            line = new ByteArrayOutputStream(LINE_BYTES_START);
        } else {
            line.reset();
        }
        boolean marked = firstLine && text.startsWith(BYTE_ORDER_MARK);
        firstLine = false;
        return marked ? text.substring(1) : text;
    }

    private void field(
            String name, String value, String whole, Consumer<? super SseSignal> signals) {
        switch (name) {
            case "data" -> data.append(value).append('\n');
            case "event" -> event = value;
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    lastEventId = value;
                }
            }
            case "retry" -> retry(value, signals);
            default -> signals.accept(new SseSignal.Stray(whole));
        }
    }

    private static void retry(String value, Consumer<? super SseSignal> signals) {
        boolean digits =
                !value.isEmpty()
                        && value.length() <= RETRY_DIGITS_MAX
                        && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits) {
            signals.accept(new SseSignal.Retry(Duration.ofMillis(Long.parseLong(value))));
        }
    }

    private void endOfFrame(Consumer<? super SseSignal> signals) {
        if (!data.isEmpty()) {
            signals.accept(new SseSignal.Frame(frame()));
        }
        reset();
    }

    private SseFrame frame() {
        data.setLength(data.length() - 1);
        boolean named = event != null && !event.isEmpty();
        return new SseFrame(named ? event : null, data.toString(), lastEventId);
    }

    private void reset() {
        data = new StringBuilder();
        event = null;
    }
}
