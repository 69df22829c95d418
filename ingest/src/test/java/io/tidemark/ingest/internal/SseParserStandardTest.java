package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.SseSignal.Stray;
import io.tidemark.ingest.internal.StandardEventStream.Seen;
import io.tidemark.ingest.internal.StandardEventStream.Seen.Comment;
import io.tidemark.ingest.internal.StandardEventStream.Seen.Dispatched;
import io.tidemark.ingest.internal.StandardEventStream.Seen.End;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * The parser reads what the WHATWG standard says, found by an implementation that is not ours, but
 * for the departures named here.
 */
class SseParserStandardTest {
    private static final int STREAMS = 5_000;

    @Test
    void readsWhatTheStandardReads() {
        long seed = Seeds.next();
        var streams = new EventStreams(seed);
        var random = new Random(seed);
        for (int round = 0; round < STREAMS; round++) {
            var bytes = streams.next();
            int pieceMax = 1 + random.nextInt(40);
            var lengths = random.ints(bytes.length, 1, pieceMax + 1).toArray();
            try {
                ParsedStream.check(bytes, at -> lengths[at]);
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ", bytes " + HexFormat.of().formatHex(bytes), e);
            }
        }
    }

    @Test
    void departsByGivingTheEventThatTheBytesEndIn() {
        var bytes = bytes("event: e\ndata: a\n");

        assertThat(StandardEventStream.read(bytes)).containsExactly(new End(0));
        assertThat(readToEnd(bytes)).containsExactly(new Dispatched("e", "a", "", 0), new End(0));
    }

    @Test
    void departsByReadingALastLineThatDoesNotEnd() {
        var bytes = bytes("data: a\nretry: 5\n: c");

        assertThat(StandardEventStream.read(bytes)).containsExactly(new End(5));
        assertThat(readToEnd(bytes))
                .containsExactly(new Comment(5), new Dispatched("message", "a", "", 5), new End(5));
    }

    @Test
    void departsByReportingLinesOfUnknownName() {
        var bytes = bytes("error: {}\nData: a\n\uFEFFdata: b\ndata : c\n{}\n\n");

        assertThat(StandardEventStream.read(bytes)).containsExactly(new End(0));
        assertThat(ParsedStream.signals(bytes, _ -> bytes.length))
                .containsExactly(
                        new Stray("error: {}"),
                        new Stray("Data: a"),
                        new Stray("\uFEFFdata: b"),
                        new Stray("data : c"),
                        new Stray("{}"));
    }

    @Test
    void departsByIgnoringAReconnectionTimeOfMoreThanNineDigits() {
        var bytes = bytes("retry: 7\nretry: 1000000000\n");

        assertThat(StandardEventStream.read(bytes)).containsExactly(new End(1_000_000_000));
        assertThat(readToEnd(bytes)).containsExactly(new End(7));
    }

    @Test
    void departsByReplacingAnEncodedSurrogateAsOne() {
        var bytes = HexFormat.of().parseHex("646174613aeda08061eda0610a0a");

        assertThat(StandardEventStream.read(bytes))
                .containsExactly(dispatched("\uFFFD\uFFFD\uFFFDa\uFFFD\uFFFDa"), new End(0));
        assertThat(readToEnd(bytes)).containsExactly(dispatched("\uFFFDa\uFFFDa"), new End(0));
    }

    @Test
    void replacesEveryOtherMalformedSequenceAsTheStandardDoes() {
        var edges = HexFormat.of().parseHex("417f808f909fa0bfc0c1c2dfe0e1eceeeff0f1f3f4f5f7f8fcff");
        for (byte first : edges) {
            for (byte second : edges) {
                for (byte third : edges) {
                    for (byte fourth : edges) {
                        var bytes = new byte[] {first, second, third, fourth};
                        assertThat(new String(bytes, StandardCharsets.UTF_8))
                                .isEqualTo(StandardUtf8.decode(bytes));
                    }
                }
            }
        }
    }

    private static Seen dispatched(String data) {
        return new Dispatched(StandardEventStream.DEFAULT_TYPE, data, "", 0);
    }

    private static List<Seen> readToEnd(byte[] bytes) {
        return ParsedStream.readToEnd(bytes, _ -> bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
