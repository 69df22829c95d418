package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.ingest.internal.SseSignal.Frame;
import io.tidemark.ingest.internal.SseSignal.Overflow;
import io.tidemark.ingest.internal.SseSignal.Unfinished;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

class JsonArrayParserTest {
    private static final String RICH =
            "\uFEFF [{\"a\":\"\\\"}]\\\\\"},\r\n{\"ü\":[1,[2],{\"b\":\"\uD83D\uDE00\"}]}\n,\n\"x\\\"]\",12 ,null,[]\t]\n";

    static Stream<Arguments> arrays() {
        return Stream.of(
                array("[]"),
                array(" \r\n\t[ ] "),
                array(""),
                array("[{}]", frame("{}")),
                array("[{\"a\":1},{\"b\":2}]", frame("{\"a\":1}"), frame("{\"b\":2}")),
                array("[{\"a\":1}\n,\r\n{\"b\":2}\n]", frame("{\"a\":1}"), frame("{\"b\":2}")),
                array("[{\"a\":\"]},[{\"}]", frame("{\"a\":\"]},[{\"}")),
                array("[{\"a\":\"\\\"}\"}]", frame("{\"a\":\"\\\"}\"}")),
                array("[{\"a\":\"\\\\\"},{}]", frame("{\"a\":\"\\\\\"}"), frame("{}")),
                array("[[1,[2]],3]", frame("[1,[2]]"), frame("3")),
                array("[true,null ,\"a,b\"]", frame("true"), frame("null"), frame("\"a,b\"")),
                array("[{}] [{\"late\":1}]", frame("{}")),
                array("[{}]}]\"", frame("{}")),
                array("[{\"a\":1},", frame("{\"a\":1}")),
                array("[{\"a\":1},{\"b\":", frame("{\"a\":1}"), unfinished("{\"b\":")),
                array("[\"a", unfinished("\"a")),
                array("[12", unfinished("12")),
                array("[", new SseSignal[0]));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void reportsEachElement(String text, List<SseSignal> signals) {
        assertThat(parsed(bytes(text), _ -> text.length() * 4 + 1)).isEqualTo(signals);
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void reportsTheSameByteByByte(String text, List<SseSignal> signals) {
        assertThat(parsed(bytes(text), _ -> 1)).isEqualTo(signals);
    }

    @Test
    void reportsTheSameWhereverTheBytesAreCut() {
        var bytes = bytes(RICH);
        var whole = parsed(bytes, _ -> bytes.length);
        assertThat(whole).hasSize(6);
        for (int cut = 1; cut < bytes.length; cut++) {
            int first = cut;
            assertThat(parsed(bytes, at -> at == 0 ? first : bytes.length))
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
    }

    @Test
    void reportsTheSameInRandomPieces() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var bytes = bytes(randomText(random));
            assertThat(parsed(bytes, _ -> 1 + random.nextInt(7)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(parsed(bytes, _ -> bytes.length));
        }
    }

    @Test
    void anElementIsReportedBeforeTheNextComes() {
        var signals = new ArrayList<SseSignal>();

        new JsonArrayParser(64).feed(ByteBuffer.wrap(bytes("[{\"a\":1}")), signals::add);

        assertThat(signals).containsExactly(frame("{\"a\":1}"));
    }

    @Test
    void anElementThatOutgrowsTheLimitIsReportedOnceAndTheRestIgnored() {
        for (int piece : new int[] {1, 3, 100}) {
            assertThat(parsed(bytes("[{},{\"a\":12345}, {},{\"a\":12345}]"), 8, _ -> piece))
                    .containsExactly(frame("{}"), new Overflow(8));
        }
    }

    @Test
    void theLimitIsOfOneElement() {
        assertThat(parsed(bytes("[" + "{\"a\":1},".repeat(100) + "{}]"), 8, _ -> 5)).hasSize(101);
    }

    @Test
    void takesAllBytesOfAChunk() {
        for (var text : List.of("[{}", "[{}] more", "[{\"a\":\"too long\"}] more")) {
            var chunk = ByteBuffer.wrap(bytes(text));

            new JsonArrayParser(8).feed(chunk, _ -> {});

            assertThat(chunk.hasRemaining()).as(text).isFalse();
        }
    }

    @Test
    void refusesALimitOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JsonArrayParser(0))
                .withMessage("elementBytesMax must be positive, was 0");
    }

    private static String randomText(Random random) {
        var pieces =
                List.of("[", "]", "{", "}", "\"", "\\", ",", " ", "\n", "1", "é", "\uD83D\uDE00");
        var text = new StringBuilder("[");
        for (int i = 0; i < 30; i++) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    private static List<SseSignal> parsed(byte[] bytes, IntUnaryOperator lengthAt) {
        return parsed(bytes, 1 << 20, lengthAt);
    }

    private static List<SseSignal> parsed(byte[] bytes, int bytesMax, IntUnaryOperator lengthAt) {
        var parser = new JsonArrayParser(bytesMax);
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

    private static Arguments array(String text, SseSignal... signals) {
        return Arguments.of(text, List.of(signals));
    }

    private static Frame frame(String data) {
        return new Frame(SseFrame.of(data));
    }

    private static Unfinished unfinished(String data) {
        return new Unfinished(SseFrame.of(data));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
