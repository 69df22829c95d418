package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.projector.MarkedStream;
import io.tidemark.projector.SampleStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

final class PieceTest {
    private static final Path GOLDEN = Path.of("../schemas/src/test/resources/golden/events");
    private static final String DELTA =
            "{\"schemaVersion\":1,\"type\":\"text.delta\",\"requestId\":\"01M7WPCSG0002G28T5CY4TQKFF\","
                    + "\"sequence\":%d,\"at\":%d,\"outputIndex\":0,\"contentIndex\":0,\"itemId\":\"msg_68af\","
                    + "\"providerSequence\":%d,\"text\":\"%s\"}";

    private final Shapes shapes = new Shapes();
    private final PieceWriter.Desk desk = new PieceWriter.Desk();

    /** An event that was read: its text is compared, since arrays are not. */
    private record Read(long sequence, int attempt, String json) {
        Read(long sequence, int attempt, byte[] json) {
            this(sequence, attempt, new String(json, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
    }

    /** Seeds of the runs, from {@code -Dtest.seed} on if that is given; a failure names its own. */
    static LongStream seeds() {
        var given = System.getProperty("test.seed", "");
        long first = given.isEmpty() ? new SplittableRandom().nextLong() : Long.parseLong(given);
        return LongStream.range(first, first + 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givesBackWhateverItWasGivenByteByByte(long seed) {
        var json = new RandomJson(seed);
        var random = new SplittableRandom(seed);
        var writer = PieceWriter.begin(seed & Long.MAX_VALUE, shapes, desk);
        var written = new ArrayList<Read>();
        for (int event = 0; event < 200; event++) {
            if (random.nextInt(10) == 0) {
                writer = PieceWriter.resume(writer.bytes(), shapes, desk);
            }
            byte[] next = json.next();
            int attempt = 1 + event / 90;
            written.add(new Read(writer.next(), attempt, next));
            writer.append(attempt, next);
        }

        assertThat(read(writer.bytes(), Shapes.decode(shapes.encode()))).isEqualTo(written);
        assertThat(shapes.size()).isLessThanOrEqualTo(Shapes.SHAPES_MAX);
    }

    @Test
    void givesBackEveryEventOfTheContract() throws IOException {
        var events = new ArrayList<byte[]>();
        try (var files = Files.list(GOLDEN)) {
            for (var file : files.sorted().toList()) {
                events.add(new String(Files.readAllBytes(file), UTF_8).strip().getBytes(UTF_8));
            }
        }
        assertThat(events).hasSizeGreaterThan(50);
        events.addAll(List.copyOf(events));
        var writer = PieceWriter.begin(0, shapes, desk);

        events.forEach(event -> writer.append(1, event));

        assertThat(read(writer.bytes(), shapes))
                .extracting(Read::json)
                .isEqualTo(events.stream().map(json -> new Read(0, 1, json).json()).toList());
    }

    @Test
    void takesTwoBytesForADeltaBesideItsText() {
        var writer = PieceWriter.begin(0, shapes, desk);
        var random = new SplittableRandom(1);
        long at = 1_795_185_600_455L;
        for (long sequence = 2; sequence < 102; sequence++) {
            at += random.nextInt(25, 42);
            writer.append(1, DELTA.formatted(sequence, at, sequence + 3, "word").getBytes(UTF_8));
        }

        /* The first event of a piece has its numbers written out. */
        assertThat(writer.size()).isBetween(100 * ("word".length() + 2), 100 * 6 + 30);
        assertThat(shapes.encode()).hasSizeLessThan(220);
    }

    @Test
    void givesBackWhatAProjectorBeforeThisOneHasWritten() {
        var sink = new ByteSink().put(1).put(new byte[] {0, 0, 0, 0, 0, 0, 0, 7});
        sink.put(new byte[] {0, 0, 0, 1, 0, 0, 0, 1}).put('a');
        sink.put(new byte[] {0, 0, 0, 2, 0, 0, 0, 3}).put("bcd".getBytes(UTF_8));

        assertThat(read(sink.toArray(), shapes))
                .containsExactly(new Read(7, 1, "a"), new Read(8, 2, "bcd"));
    }

    @Test
    void stopsWhenTheVisitorHasEnough() {
        var writer = PieceWriter.begin(5, shapes, desk);
        List.of("a", "b", "c").forEach(json -> writer.append(1, json.getBytes(UTF_8)));
        var seen = new ArrayList<Long>();

        Piece.visit(
                writer.bytes(),
                shapes,
                (sequence, _, _) -> {
                    seen.add(sequence);
                    return sequence < 6;
                });

        assertThat(seen).containsExactly(5L, 6L);
    }

    @Test
    void hasAKeyOfItsOwnForEachPieceOfEachStream() {
        var keys = new HashSet<String>();
        for (int stream = 0; stream < 3; stream++) {
            var id = SampleStream.of(0, stream, 1).id();
            for (int number = 0; number < 300; number++) {
                keys.add(Arrays.toString(Piece.key(id, number)));
            }
            keys.add(Arrays.toString(id.packed()));
        }

        assertThat(keys).hasSize(3 * 301);
    }

    @Test
    void refusesAPieceOfAnotherVersion() {
        assertThatThrownBy(() -> read(new byte[9], shapes))
                .hasMessage("a piece must be version 1 or 2, was 0");
        assertThatThrownBy(() -> Shapes.decode(new byte[] {7}))
                .hasMessage("shapes must be version 1, was 7");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void saysSoWhenBytesAreNoPiece(long seed) {
        var json = new RandomJson(seed);
        var writer = PieceWriter.begin(0, shapes, desk);
        for (int event = 0; event < 20; event++) {
            writer.append(1, json.next());
        }
        var random = new SplittableRandom(seed);
        byte[] whole = writer.bytes();
        for (int fault = 0; fault < 200; fault++) {
            byte[] piece = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
            piece[random.nextInt(piece.length)] ^= (byte) (1 << random.nextInt(8));

            /* Some faults make other events; all others are told, and none reads beyond its end. */
            try {
                read(piece, shapes);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageMatching("(stored state|a piece must be) .*");
            }
        }
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, 1), shapes))
                .hasMessage("stored state ends in the middle of a value (at byte 1)");
    }

    @Test
    void saysWhichShapeIsMissing() {
        var writer = PieceWriter.begin(0, shapes, desk);
        writer.append(1, DELTA.formatted(0, 1, 2, "a").getBytes(UTF_8));

        assertThatThrownBy(() -> read(writer.bytes(), new Shapes()))
                .hasMessageContaining("has shape 0, and must have less than 0");
    }

    private static List<Read> read(byte[] piece, Shapes shapes) {
        var found = new ArrayList<Read>();
        Piece.visit(
                piece,
                shapes,
                (sequence, attempt, json) -> found.add(new Read(sequence, attempt, json)));
        return found;
    }

    @Test
    void keepsPlacesAndAttemptsWithoutContentWhenItIsErased() {
        var stream = MarkedStream.of(0, 1, "emu");
        var shapes = new Shapes();
        var writer = PieceWriter.begin(4, shapes, new PieceWriter.Desk());
        writer.append(3, stream.record(4, 3).value());
        writer.append(5, "no event, but emu".getBytes(UTF_8));
        writer.append(6, stream.record(6, 6).value());

        byte[] erased = VerbatimPiece.erased(writer.bytes(), shapes);

        var found = new ArrayList<String>();
        Piece.visit(
                erased,
                new Shapes(),
                (sequence, attempt, json) ->
                        found.add(sequence + "/" + attempt + "/" + (json.length > 0)));
        assertThat(found).containsExactly("4/3/true", "5/5/false", "6/6/true");
        assertThat(new String(erased, UTF_8)).doesNotContain("emu");
        assertThat(VerbatimPiece.erased(erased, new Shapes())).isEqualTo(erased);
    }
}
