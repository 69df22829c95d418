package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.StandardEventStream.Seen;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;

/**
 * A stream as {@link SseParser} reads it, in the terms of {@link StandardEventStream}, and the
 * comparison of the two. Where the parser departs from the standard by intention, the departure is
 * applied to what the standard is given, so that everything else must still be equal; each has a
 * test of its own in {@link SseParserStandardTest}. Confined to one thread.
 */
final class ParsedStream {
    /* An encoded surrogate, or the beginning of one, is one malformed sequence to the JDK. */
    private static final Pattern SURROGATE =
            Pattern.compile("\u00ED[\u00A0-\u00BF][\u0080-\u00BF]?");
    private static final String REPLACEMENT =
            new String("\uFFFD".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    /* A reconnection time of more digits than the parser takes at their word. */
    private static final Pattern LONG_RETRY =
            Pattern.compile("(?<=\\A|[\r\n])retry: ?[0-9]{10,}(?=[\r\n]|\\z)");
    private static final String IGNORED_RETRY = "retry: never";

    private final SseParser parser = new SseParser();
    private final List<SseSignal> signals = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private long retryMs;

    private ParsedStream() {}

    /** What the parser makes of whole lines; an event that the bytes end in is dropped. */
    static List<Seen> read(byte[] bytes, IntUnaryOperator pieceLengthAt) {
        var stream = new ParsedStream();
        stream.feed(bytes, pieceLengthAt);
        return stream.seen();
    }

    /** What the parser makes of all the bytes; an event that they end in is dispatched. */
    static List<Seen> readToEnd(byte[] bytes, IntUnaryOperator pieceLengthAt) {
        var stream = new ParsedStream();
        stream.feed(bytes, pieceLengthAt);
        stream.parser.end(stream::take);
        return stream.seen();
    }

    /** Every signal of the bytes and their end. */
    static List<SseSignal> signals(byte[] bytes, IntUnaryOperator pieceLengthAt) {
        var stream = new ParsedStream();
        stream.feed(bytes, pieceLengthAt);
        stream.parser.end(stream::take);
        return stream.signals;
    }

    /** Fails unless the parser reads what the standard reads, but for the departures. */
    static void check(byte[] bytes, IntUnaryOperator pieceLengthAt) {
        assertThat(read(bytes, pieceLengthAt))
                .as("whole lines")
                .isEqualTo(StandardEventStream.readText(departed(bytes)));
        assertThat(readToEnd(bytes, pieceLengthAt))
                .as("the event that the bytes end in")
                .isEqualTo(StandardEventStream.readText(departed(finished(bytes))));
    }

    private static String departed(byte[] bytes) {
        var raw = new String(bytes, StandardCharsets.ISO_8859_1);
        var replaced = SURROGATE.matcher(raw).replaceAll(REPLACEMENT);
        var text = StandardUtf8.decode(replaced.getBytes(StandardCharsets.ISO_8859_1));
        return LONG_RETRY.matcher(text).replaceAll(IGNORED_RETRY);
    }

    private static byte[] finished(byte[] bytes) {
        var finished = Arrays.copyOf(bytes, bytes.length + 2);
        Arrays.fill(finished, bytes.length, finished.length, (byte) '\n');
        return finished;
    }

    private void feed(byte[] bytes, IntUnaryOperator pieceLengthAt) {
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(pieceLengthAt.applyAsInt(at), bytes.length - at);
            parser.feed(ByteBuffer.wrap(bytes, at, length), this::take);
            at += length;
        }
    }

    private List<Seen> seen() {
        seen.add(new Seen.End(retryMs));
        return seen;
    }

    private void take(SseSignal signal) {
        signals.add(signal);
        switch (signal) {
            case SseSignal.Frame(var frame) -> seen.add(dispatched(frame));
            case SseSignal.Unfinished(var frame) -> seen.add(dispatched(frame));
            case SseSignal.Comment() -> seen.add(new Seen.Comment(retryMs));
            case SseSignal.Retry(var delay) -> retryMs = delay.toMillis();
            case SseSignal.Stray(_) -> {}
            case SseSignal.Overflow(int limitBytes) ->
                    throw new AssertionError("more than " + limitBytes + " bytes in one event");
        }
    }

    private Seen dispatched(SseFrame frame) {
        return new Seen.Dispatched(
                frame.event() == null ? StandardEventStream.DEFAULT_TYPE : frame.event(),
                frame.data(),
                frame.id() == null ? "" : frame.id(),
                retryMs);
    }
}
