package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.ingest.internal.SseSignal.Comment;
import io.tidemark.ingest.internal.SseSignal.Frame;
import io.tidemark.ingest.internal.SseSignal.Overflow;
import io.tidemark.ingest.internal.SseSignal.Retry;
import io.tidemark.ingest.internal.SseSignal.Stray;
import io.tidemark.ingest.internal.SseSignal.Unfinished;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

class SseParserTest {
    /** Everything that the format knows, in one stream. */
    private static final String RICH =
            String.join(
                    "",
                    "\uFEFF: hello\r\nevent: a\rdata: {\"x\":1}\r\n\r\n",
                    "data:one\ndata:  two\ndata\n\n",
                    "id: 7\nretry: 1500\ndata: gr\u00FC\u00DFe \uD83D\uDE00\n\n",
                    "event: b\n\nid\nunknown: field\ndata: last\r\n\r\ndata: cut off");

    static Stream<Arguments> streams() {
        return Stream.of(
                stream("data: a\n\n", frame(null, "a", null)),
                stream("data:a\n\n", frame(null, "a", null)),
                stream("data:  a\n\n", frame(null, " a", null)),
                stream("data: a\r\rdata: b\r\r", frame(null, "a", null), frame(null, "b", null)),
                stream("data: a\r\n\r\n", frame(null, "a", null)),
                stream("\uFEFFdata: a\n\n", frame(null, "a", null)),
                stream("data: a\ndata: b\n\n", frame(null, "a\nb", null)),
                stream("data\n\n", frame(null, "", null)),
                stream("data:\ndata:\n\n", frame(null, "\n", null)),
                stream("event: e\ndata: a\n\n", frame("e", "a", null)),
                stream("event: e\n\ndata: a\n\n", frame(null, "a", null)),
                stream("event: e\nevent:\ndata: a\n\n", frame(null, "a", null)),
                stream("event: e\nevent: f\ndata: a\n\n", frame("f", "a", null)),
                stream(
                        "id: 1\ndata: a\n\ndata: b\n\n",
                        frame(null, "a", "1"),
                        frame(null, "b", "1")),
                stream("id: 1\0\ndata: a\n\n", frame(null, "a", null)),
                stream("id: 1\n\nid\ndata: a\n\n", frame(null, "a", "")),
                stream("retry: 250\n", new Retry(Duration.ofMillis(250))),
                stream("retry: soon\nretry: -1\nretry:\nretry: 99999999999\n"),
                stream(":\n: ping\n\n", new Comment(), new Comment()),
                stream("error: {}\n", new Stray("error: {}")),
                stream("{\"error\":{}}", new Stray("{\"error\":{}}")),
                stream("\n\n\r\n"),
                stream(""),
                stream("data: a", unfinished("a")),
                stream("data: a\n", unfinished("a")),
                stream("data: a\nevent: e", new Unfinished(new SseFrame("e", "a", null))),
                stream("\uFEFF\uFEFFdata: a\n\n", new Stray("\uFEFFdata: a")));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsTheFormat(String text, List<SseSignal> signals) {
        assertThat(parsedAtOnce(bytes(text))).isEqualTo(signals);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsTheSameByteByByte(String text, List<SseSignal> signals) {
        assertThat(parsedInPieces(bytes(text), _ -> 1)).isEqualTo(signals);
    }

    @Test
    void readsTheSameWhereverTheBytesAreCut() {
        var bytes = bytes(RICH);
        var whole = parsedAtOnce(bytes);
        for (int cut = 0; cut <= bytes.length; cut++) {
            int first = cut;
            assertThat(parsedInPieces(bytes, at -> at == 0 && first > 0 ? first : bytes.length))
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
    }

    @Test
    void readsTheSameInRandomPieces() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var bytes = bytes(randomStream(random));
            var whole = parsedAtOnce(bytes);
            assertThat(parsedInPieces(bytes, _ -> 1 + random.nextInt(9)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(whole);
        }
    }

    @Test
    void replacesMalformedUtf8() {
        var bytes = new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xC3, '\n', '\n'};

        assertThat(parsedAtOnce(bytes)).containsExactly(frame(null, "\uFFFD", null));
    }

    @Test
    void reportsAnEventThatOutgrowsTheLimitOnceAndIgnoresTheRest() {
        var parser = new SseParser(8);
        var signals = new ArrayList<SseSignal>();

        parser.feed(ByteBuffer.wrap(bytes("data: a\n\ndata: abc\n\ndata: b\n\n")), signals::add);
        parser.end(signals::add);

        assertThat(signals).containsExactly(frame(null, "a", null), new Overflow(8));
    }

    @Test
    void limitsAnEventOfManyShortLines() {
        var parser = new SseParser(64);
        var signals = new ArrayList<SseSignal>();

        parser.feed(ByteBuffer.wrap(bytes("data: abcdef\n".repeat(64))), signals::add);

        assertThat(signals).containsExactly(new Overflow(64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"event", "id"})
    void countsTheNameAndTheIdOfAnEvent(String field) {
        var parser = new SseParser(64);
        var signals = new ArrayList<SseSignal>();
        var line = field + ": " + "x".repeat(40) + "\n";

        parser.feed(
                ByteBuffer.wrap(bytes(line + "data: " + "y".repeat(40) + "\n\n")), signals::add);

        assertThat(signals).containsExactly(new Overflow(64));
    }

    @Test
    void limitsNoStreamOfComments() {
        var parser = new SseParser(16);
        var signals = new ArrayList<SseSignal>();

        parser.feed(ByteBuffer.wrap(bytes(": keepalive\n".repeat(100))), signals::add);

        assertThat(signals).hasSize(100).containsOnly(new Comment());
    }

    @Test
    void takesAllBytesOfAChunk() {
        var chunk = ByteBuffer.wrap(bytes("data: a\n\ndata"));

        new SseParser().feed(chunk, _ -> {});

        assertThat(chunk.hasRemaining()).isFalse();
    }

    @Test
    void refusesALimitOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SseParser(0))
                .withMessage("frameBytesMax must be positive, was 0");
    }

    @Test
    void printsNoContents() {
        assertThat(frame("e", "secret", null).toString() + new Stray("secret"))
                .doesNotContain("secret");
    }

    private static String randomStream(Random random) {
        var pieces =
                List.of(
                        "data: a",
                        "data:",
                        "data",
                        ": c",
                        "event: e",
                        "id: 1",
                        "retry: 5",
                        "odd",
                        "\n",
                        "\n",
                        "\n\n",
                        "\r",
                        "\r\n",
                        "\r\n\r\n",
                        "data: \uD83D\uDE00\u00E9",
                        "\uFEFF");
        var text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    private static List<SseSignal> parsedAtOnce(byte[] bytes) {
        return parsedInPieces(bytes, _ -> bytes.length);
    }

    private static List<SseSignal> parsedInPieces(byte[] bytes, IntUnaryOperator lengthAt) {
        var parser = new SseParser();
        var signals = new ArrayList<SseSignal>();
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(lengthAt.applyAsInt(at), bytes.length - at);
            parser.feed(ByteBuffer.wrap(bytes, at, length), signals::add);
            at += length;
        }
        parser.end(signals::add);
        return signals;
    }

    private static Arguments stream(String text, SseSignal... signals) {
        return Arguments.of(text, List.of(signals));
    }

    private static Frame frame(@Nullable String event, String data, @Nullable String id) {
        return new Frame(new SseFrame(event, data, id));
    }

    private static Unfinished unfinished(String data) {
        return new Unfinished(SseFrame.of(data));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
