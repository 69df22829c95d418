package io.tidemark.ingest.internal.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.devkit.Recording;
import io.tidemark.devkit.RecordingExpectation;
import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.JsonArrayParser;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Seeds;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.ResponseCodec;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What every dialect keeps, shown on every stream that was recorded from its API and on streams of
 * our own: what comes out is what the oracle says, wherever the body is cut into chunks; and
 * whatever arrives, wherever it stops, there is one end.
 */
public abstract class DialectContract {
    private static final int SMALLEST = 20;
    private static final int FLIPS = 20;
    private static final int JSON_BYTES_MAX = 1 << 24;

    private final ProviderApi api;
    private final List<Recording> recordings;

    /**
     * @param recordedApi what recordings of it are called, such as {@code responses}
     */
    protected DialectContract(ProviderApi api, String... recordedApi) {
        this.api = api;
        var all = new ArrayList<Recording>();
        for (var name : recordedApi) {
            all.addAll(Recording.ofApi(name));
        }
        this.recordings = List.copyOf(all);
    }

    /** A stream of our own with a bit of everything; complete, as a provider would send it. */
    protected abstract String richStream();

    /** Recordings whose oracle is wrong or asks what no event can hold, with the reason. */
    protected Map<String, String> exceptions() {
        return Map.of();
    }

    /** Whether a stream that stops here, of our own making, may count as ended by the provider. */
    protected abstract boolean saysItsEnd(String prefix);

    @Test
    void everyRecordingFoldsToWhatItsOracleSays() {
        if (recordings.isEmpty()) {
            System.out.println(
                    "recordings: ABSENT at " + Recording.defaultRoot() + ", nothing compared");
        }
        assumeFalse(recordings.isEmpty(), "no recordings at " + Recording.defaultRoot());
        var differing = new LinkedHashMap<String, List<String>>();
        for (var recording : recordings) {
            var differences = differences(recording);
            if (!differences.isEmpty()) {
                differing.put(recording.name(), differences);
            }
        }
        long listed = differing.keySet().stream().filter(exceptions()::containsKey).count();
        System.out.printf(
                "recordings of %s: %d run, %d equal, %d listed exceptions%n",
                api.name(), recordings.size(), recordings.size() - differing.size(), listed);
        assertThat(differing.keySet()).as("%s", differing).isEqualTo(exceptions().keySet());
    }

    @Test
    void theRichStreamCompletesAndKeepsAllRules() {
        var pump = pump(bytes(richStream()));

        StreamRules.check(pump.events());
        StreamRules.checkCodec(pump.events());
        assertThat(pump.drafts().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void theSmallestRecordingsComeOutTheSameWhereverTheyAreCutInTwo() {
        for (var recording : smallest()) {
            var bytes = recording.bytes();
            var whole = drafts(recording);
            for (int at = 1; at < bytes.length; at++) {
                var pump = feed(pumpOf(recording), bytes, 0, at);
                var halves = feed(pump, bytes, at, bytes.length).end();
                assertThat(halves.drafts()).as("%s cut at %d", recording, at).isEqualTo(whole);
            }
        }
    }

    @Test
    void everyRecordingComesOutTheSameInRandomPieces() {
        var random = new Random(Seeds.next());
        for (var recording : recordings) {
            var bytes = recording.bytes();
            var pump = pumpOf(recording);
            for (int at = 0; at < bytes.length; ) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(200));
                feed(pump, bytes, at, to);
                at = to;
            }
            assertThat(pump.end().drafts()).as("%s", recording).isEqualTo(drafts(recording));
        }
    }

    @Test
    void everyPrefixOfFramesEndsOnceAndHonestly() {
        for (var recording : recordings) {
            var stream = new String(recording.bytes(), StandardCharsets.UTF_8);
            prefixes(recording.name(), stream, () -> pumpOf(recording));
        }
    }

    @Test
    void everyPrefixOfTheRichStreamEndsOnceAndHonestly() {
        prefixes("rich stream", richStream(), () -> new Pump(api));
        var bytes = bytes(richStream());
        for (int length = 0; length <= bytes.length; length++) {
            StreamRules.check(feed(new Pump(api), bytes, 0, length).end().events());
        }
    }

    @Test
    void aFlippedByteNeverThrowsAndEndsOnce() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < 10 * FLIPS; round++) {
            flip(seed, random, "rich stream", bytes(richStream()), new Pump(api));
        }
        for (var recording : recordings) {
            for (int round = 0; round < FLIPS && recording.bytes().length < 100_000; round++) {
                flip(seed, random, recording.name(), recording.bytes(), pumpOf(recording));
            }
        }
    }

    private static void flip(long seed, Random random, String name, byte[] bytes, Pump pump) {
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        try {
            StreamRules.check(feed(pump, bytes, 0, bytes.length).end().events());
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", " + name, e);
        }
    }

    /* Complete is what only the provider can say. */
    private void prefixes(String name, String stream, Supplier<Pump> pumps) {
        for (int end = 0; end <= stream.length(); end = nextFrame(stream, end)) {
            var prefix = stream.substring(0, end);
            var pump = feed(pumps.get(), bytes(prefix), 0, bytes(prefix).length).end();
            try {
                StreamRules.check(pump.events());
            } catch (AssertionError e) {
                throw new AssertionError(name + " up to character " + end, e);
            }
            var last = pump.drafts().getLast().body();
            boolean complete =
                    last instanceof Completed completed && completed.outcome() == Outcome.COMPLETE;
            assertThat(!complete || saysItsEnd(prefix))
                    .as("%s up to character %d ends with %s", name, end, last)
                    .isTrue();
            assertThat(last).isInstanceOfAny(Completed.class, Failed.class);
        }
    }

    /* Where the next frame ends; one past the end after the last. */
    private static int nextFrame(String stream, int from) {
        for (int at = from + 1; at < stream.length(); at++) {
            var line = stream.charAt(at) == '\n' ? lineBefore(stream, at) : null;
            /* An element of a JSON array ends with a line as well. */
            if (line != null && (line.isBlank() || line.endsWith("}"))) {
                return at + 1;
            }
        }
        return from < stream.length() ? stream.length() : stream.length() + 1;
    }

    private static String lineBefore(String stream, int newline) {
        return stream.substring(stream.lastIndexOf('\n', newline - 1) + 1, newline);
    }

    private List<Recording> smallest() {
        return recordings.stream()
                .sorted(Comparator.comparingInt(recording -> recording.bytes().length))
                .limit(SMALLEST)
                .toList();
    }

    private List<Draft> drafts(Recording recording) {
        return pump(recording).drafts();
    }

    private List<String> differences(Recording recording) {
        var pump = pump(recording);
        StreamRules.checkCodec(pump.events());
        var json = new String(ResponseCodec.encode(pump.response()), StandardCharsets.UTF_8);
        JsonNode found = ProviderJson.object(json).orElseThrow();
        return RecordingExpectation.differences(recording.expectation(), found);
    }

    private Pump pump(Recording recording) {
        var bytes = recording.bytes();
        return feed(pumpOf(recording), bytes, 0, bytes.length).end();
    }

    private Pump pumpOf(Recording recording) {
        return recording.contentType().equals("application/json")
                ? new Pump(api, new JsonArrayParser(JSON_BYTES_MAX))
                : new Pump(api);
    }

    private Pump pump(byte[] bytes) {
        return feed(new Pump(api), bytes, 0, bytes.length).end();
    }

    private static Pump feed(Pump pump, byte[] bytes, int from, int to) {
        return pump.bytes(bytes, from, to);
    }

    private static byte[] bytes(String stream) {
        return stream.getBytes(StandardCharsets.UTF_8);
    }
}
