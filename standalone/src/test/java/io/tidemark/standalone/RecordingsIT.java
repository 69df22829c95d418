package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.devkit.Recording;
import io.tidemark.devkit.RecordingExpectation;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Every recorded stream of the APIs that are spoken, served over HTTP by the simulator, through
 * worker, Kafka, edge and projector, compared with what was computed independently.
 */
@HasOwnKafka(because = "the node under test starts it")
class RecordingsIT {
    /** Recordings whose expectation asks for something else, each with the reason. */
    private static final Map<String, String> EXCEPTIONS =
            Map.of(
                    "google-vertex-generatecontent-jsonarray/arize-ai-openinference--test-gemini-token-counts-streaming.json",
                    "the oracle takes the finish reason 1, which is STOP, for an unknown one");

    private static final long SEED =
            Optional.ofNullable(System.getProperty("test.seed"))
                    .filter(seed -> !seed.isBlank())
                    .map(Long::parseLong)
                    .orElseGet(System::nanoTime);

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static final List<URI> ADDRESSES = new ArrayList<>();
    private static final List<TidemarkClient> EDGES = new ArrayList<>();
    private static final Map<Recording, RecordedApi> RECORDINGS = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        RecordedApi.all()
                .forEach(api ->
                        api.recordings().forEach(recording -> RECORDINGS.put(recording, api)));
        if (RECORDINGS.isEmpty()) {
            System.out.println(
                    "SKIPPED: no recordings at "
                            + Recording.defaultRoot()
                            + "; name their directory with -Drecordings.dir=DIR");
            return;
        }
        var settings =
                SettingsLoader.load(
                        null,
                        Map.of(),
                        List.of(
                                "data-dir=" + data,
                                "simulator.first-token=0ms",
                                "simulator.token-interval=0ms",
                                "simulator.recordings-dir=" + Recording.defaultRoot()));
        var node = StandaloneNode.start(settings, STACK);
        for (int i = 0; i < 2; i++) {
            var address = node.addEdge(0);
            ADDRESSES.add(address);
            EDGES.add(STACK.push("client", new TidemarkClient(address)));
        }
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    @Test
    void whatClientAndProjectorPutTogetherIsWhatTheProviderSaid() throws Exception {
        runAll("recordings", (recording, random) -> follow(recording, "", random));
    }

    @Test
    void bodiesCutAtRandomBytesGiveTheSame() throws Exception {
        runAll(
                "recordings, body cut at random bytes",
                (recording, random) -> follow(recording, "split", random));
    }

    @Test
    void clientsCutOffAtRandomSequencesReceiveTheSameBytes() throws Exception {
        runAll("recordings, client cut off at random sequences", this::followInPieces);
    }

    @Test
    void whatIsMergedForSlowLinksFoldsToTheSame() throws Exception {
        try (var merged = new Merged()) {
            var counts = new long[2];
            runAll(
                    "recordings, deltas merged",
                    (recording, random) -> followMerged(recording, merged, counts, random));
            System.out.printf("merged %d events to %d%n", counts[0], counts[1]);
            assertThat(counts[1]).isLessThan(counts[0]);
        }
    }

    private static List<String> followMerged(
            Recording recording, Merged merged, long[] counts, RandomGenerator random)
            throws IOException, InterruptedException {
        int edge = random.nextInt(EDGES.size());
        var id = start(EDGES.get(edge), recording, "", random);
        var whole = Merged.data(Followed.whole(EDGES.get(edge), id));
        var fewer = merged.events(ADDRESSES.get(edge), id);
        counts[0] += whole.size();
        counts[1] += fewer.size();
        return Merged.folded(fewer).equals(Merged.folded(whole))
                ? List.of()
                : List.of("merged events fold to another response");
    }

    private List<String> follow(Recording recording, String fault, RandomGenerator random)
            throws IOException, InterruptedException {
        var edge = EDGES.get(random.nextInt(EDGES.size()));
        var id = start(edge, recording, fault, random);
        var events = Followed.whole(edge, id);
        return differences(recording, events, edge, id);
    }

    private List<String> followInPieces(Recording recording, RandomGenerator random)
            throws IOException, InterruptedException {
        var id = start(EDGES.getFirst(), recording, "", random);
        var pieces = Followed.inPieces(EDGES, id, random);
        var differences = new ArrayList<>(differences(recording, pieces, EDGES.getLast(), id));
        for (var edge : EDGES) {
            if (!Followed.whole(edge, id).equals(pieces)) {
                differences.add("an uninterrupted reader received other events");
            }
        }
        return differences;
    }

    private static List<String> differences(
            Recording recording, List<ReceivedEvent> events, TidemarkClient edge, String id)
            throws IOException, InterruptedException {
        var differences = new ArrayList<String>();
        RecordingExpectation.differences(
                        asSeenByClients(recording.expectation()), AssembledResponse.of(events))
                .forEach(difference -> differences.add("client: " + difference));
        RecordingExpectation.differences(
                        recording.expectation(), edge.response(id, events.size() - 1L))
                .forEach(difference -> differences.add("projector: " + difference));
        return differences;
    }

    /* What is for the server side only does not reach a client; see docs/protocol.md, section 9.6. */
    private static JsonNode asSeenByClients(JsonNode expectation) {
        var seen = expectation.deepCopy();
        for (var item : seen.path("items")) {
            if (item.path("type").asText().equals("redacted_thinking")) {
                ((ObjectNode) item).put("has_encrypted_content", false);
            } else {
                ((ObjectNode) item).remove("has_encrypted_content");
            }
        }
        return seen;
    }

    private static String start(
            TidemarkClient edge, Recording recording, String fault, RandomGenerator random)
            throws IOException, InterruptedException {
        var directives = new TreeMap<String, String>();
        if (!fault.isEmpty()) {
            directives.put("sim_fault", fault);
            directives.put("sim_split_seed", Long.toString(random.nextLong()));
            directives.put("sim_split_max", "48");
        }
        var api = apiOf(recording);
        return edge.start(api.api(), api.request("recording:" + recording.name(), directives));
    }

    private static RecordedApi apiOf(Recording recording) {
        return requireNonNull(RECORDINGS.get(recording), recording.name());
    }

    private interface Run {
        List<String> differences(Recording recording, RandomGenerator random)
                throws IOException, InterruptedException;
    }

    private static void runAll(String title, Run run) throws Exception {
        assumeTrue(!RECORDINGS.isEmpty(), "no recordings");
        var failures = new ArrayList<String>();
        int exceptions = 0;
        for (var recording : RECORDINGS.keySet()) {
            var random = new Random(SEED ^ recording.name().hashCode());
            var differences = run.differences(recording, random);
            if (EXCEPTIONS.containsKey(recording.name())) {
                exceptions++;
            } else if (!differences.isEmpty()) {
                failures.add(recording.name() + ": " + differences);
            }
        }
        System.out.printf(
                "%s: %d run, %d equal, %d listed exceptions (seed %d)%n",
                title,
                RECORDINGS.size(),
                RECORDINGS.size() - exceptions - failures.size(),
                exceptions,
                SEED);
        assertThat(failures).as("seed %d", SEED).isEmpty();
    }
}
