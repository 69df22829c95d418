package io.tidemark.edge;

import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Command.Presence;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.ItemBody;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What every way to read a stream promises; one subclass for each. Longer than most, so that the
 * contract is in one place.
 */
@RunsOnKafka
abstract class ReadingContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static @Nullable World shared;
    private static @Nullable Client sharedClient;

    /** What is read of one stream, until the edge has no more to say. */
    interface Reading extends AutoCloseable {
        /** The next event's JSON, or null when the edge has ended what it said. */
        @Nullable String next() throws Exception;

        /** The sequence to go on behind, as far as was read; -1 for none. */
        long tidemark();

        default List<String> take(int count) throws Exception {
            var events = new ArrayList<String>();
            while (events.size() < count) {
                var event = next();
                if (event == null) {
                    throw new AssertionError("ended after " + events.size() + " of " + count);
                }
                events.add(event);
            }
            return events;
        }

        default List<String> rest() throws Exception {
            var events = new ArrayList<String>();
            for (var event = next(); event != null; event = next()) {
                events.add(event);
            }
            return events;
        }

        @Override
        void close() throws IOException;
    }

    /**
     * Begins to read.
     *
     * @param query of the request, with its {@code ?}, or empty
     */
    abstract Reading open(Client client, StreamId id, String query) throws Exception;

    /** The answer to a request that is not given what it asks for. */
    abstract HttpResponse<String> ask(Client client, StreamId id, String query) throws Exception;

    @BeforeAll
    static void start() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        shared = new World();
        sharedClient = new Client(shared.edge());
    }

    @AfterAll
    static void stop() {
        client().close();
        world().close();
    }

    static World world() {
        return requireNonNull(shared);
    }

    static Client client() {
        return requireNonNull(sharedClient);
    }

    private static EdgeConfig lively() {
        return world().config()
                .with(
                        new StreamingConfig(
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(100),
                                        Duration.ZERO)
                                .withPresence(Duration.ofMillis(200)));
    }

    private Reading after(Client edge, LogWriter writer, long after) throws Exception {
        return open(edge, writer.id, after < 0 ? "" : "?after=" + after);
    }

    @Test
    void everyEventComesByteForByteAsItIsWritten() throws Exception {
        var writer = world().writer().start();
        try (var reading = open(client(), writer.id, "")) {
            assertThat(reading.take(1)).isEqualTo(writer.written());
            writer.deltas(70);
            assertThat(reading.take(70)).isEqualTo(writer.written().subList(1, 71));
            writer.deltas(3).complete();
            assertThat(reading.rest()).isEqualTo(writer.written().subList(71, 75));
            assertThat(reading.tidemark()).isEqualTo(74);
        }
    }

    @Test
    void resumesBehindEachSequenceHotAndCold() throws Exception {
        var writer = world().writer().start().deltas(8).complete();
        writer.flush();
        var written = writer.written();
        try (var cold = new Client(world().edge())) {
            for (var edge : List.of(client(), cold)) {
                for (int after = -1; after < written.size() - 1; after++) {
                    try (var reading = after(edge, writer, after)) {
                        assertThat(reading.rest())
                                .isEqualTo(written.subList(after + 1, written.size()));
                    }
                }
                assertThat(ask(edge, writer.id, "?after=9").statusCode()).isEqualTo(204);
            }
        }
    }

    @Test
    void whoIsCutOffAgainAndAgainMissesNothing() throws Exception {
        var random = new Random(5);
        var writer = world().writer().start();
        var writing = CompletableFuture.runAsync(() -> write(writer));
        var got = new ArrayList<String>();
        long tidemark = -1;
        while (got.isEmpty() || !got.getLast().contains("\"stream.completed\"")) {
            try (var reading = after(client(), writer, tidemark)) {
                int until = got.size() + 1 + random.nextInt(40);
                for (var event = reading.next();
                        event != null && got.size() < until;
                        event = reading.next()) {
                    got.add(event);
                    tidemark = got.size() - 1L;
                }
            }
        }
        writing.join();
        assertThat(got).isEqualTo(writer.written());
    }

    private static void write(LogWriter writer) {
        try {
            for (int i = 0; i < 30; i++) {
                writer.deltas(5).flush();
            }
            writer.complete().flush();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNotThereIsRefusedAsTheGapContractSays() throws Exception {
        var writer = world().writer().start().deltas(1);
        writer.flush();
        var beyond = problem(ask(client(), writer.id, "?after=2"), 409, "beyond_end");
        assertThat(beyond.path("lastSequence").asLong()).isEqualTo(1);
        problem(ask(client(), world().newId(), ""), 404, "unknown_stream");
        problem(ask(client(), writer.id, "?after=x"), 400, "invalid_request");
        problem(ask(client(), writer.id, "?after=0&lastEventId=1"), 400, "invalid_request");
    }

    @Test
    void expiredEventsAreGone() throws Exception {
        var writer = world().writer().start().deltas(3);
        long last = writer.flush();
        writer.complete().flush();
        world().expireBefore(writer.id, last);
        try (var cold = new Client(world().edge())) {
            var gone = problem(ask(cold, writer.id, "?after=1"), 410, "events_expired");
            assertThat(gone.path("earliestSequence").asLong()).isEqualTo(3);
        }
    }

    @Test
    void aFinalHoleSendsReadersAwayAndIsToldToThoseWhoComeBack() throws Exception {
        var ahead = new AtomicReference<>(Duration.ZERO);
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        var writer = world().writer().start().deltas(2);
        try (var edge = new Client(world().edge(lively(), clock));
                var reading = open(edge, writer.id, "")) {
            reading.take(3);
            writer.lose(2).deltas(2).complete().flush();
            await().atMost(PATIENCE).until(() -> world().count("tidemark.edge.gap.records") == 3);
            ahead.set(Duration.ofSeconds(60));

            assertThat(reading.rest()).isEmpty();
            problem(ask(edge, writer.id, "?after=2"), 410, "events_missing");
            try (var behind = open(edge, writer.id, "?after=4")) {
                assertThat(behind.rest()).isEqualTo(writer.written().subList(3, 6));
            }
        }
    }

    @Test
    void anEdgeThatLeavesSendsReadersAwayAndTheyGoOnElsewhere() throws Exception {
        var writer = world().writer().start().deltas(3);
        var leaving = world().edge();
        try (var edge = new Client(leaving);
                var reading = open(edge, writer.id, "")) {
            var got = new ArrayList<>(reading.take(4));
            var draining = CompletableFuture.runAsync(leaving::drain);
            got.addAll(reading.rest());
            draining.join();
            problem(ask(edge, writer.id, ""), 503, "draining");
            writer.deltas(2).complete();
            try (var rest = after(client(), writer, reading.tidemark())) {
                got.addAll(rest.rest());
            }
            assertThat(got).isEqualTo(writer.written());
        }
    }

    @Test
    void aClientThatReadsSlowlyMissesNothing() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        try (var reading = open(client(), writer.id, "")) {
            reading.take(1);
            var padding = "x".repeat(20_000);
            for (int i = 0; i < 300; i++) {
                writer.write(new TextDelta(padding, null));
            }
            writer.complete().flush();
            try (var quick = open(client(), writer.id, "")) {
                assertThat(quick.rest()).hasSize(302);
            }
            assertThat(reading.rest()).isEqualTo(writer.written().subList(1, 302));
        }
    }

    @Test
    void oneReaderMoreThanMayBeIsTurnedAway() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        var one = world().config().with(new LimitsConfig(4_096, 65_536, 8_192, 100, 1));
        try (var crowded = new Client(world().edge(one));
                var _ = crowded.events(writer.id)) {
            problem(ask(crowded, writer.id, ""), 503, "too_many_readers");
        }
    }

    @Test
    void whoeverHeedsReadersIsToldOfThisOne() throws Exception {
        var writer = world().writer().heeding().start();
        try (var edge = new Client(world().edge(lively()));
                var reading = open(edge, writer.id, "")) {
            reading.take(1);
            var next = CompletableFuture.supplyAsync(() -> nextOf(reading));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(words(writer)).contains(1));
            writer.complete();
            assertThat(next.join()).isEqualTo(writer.written().getLast());
        }
    }

    private static String nextOf(Reading reading) {
        try {
            return reading.take(1).getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> words(LogWriter writer) {
        return world().commands().stream()
                .filter(Presence.class::isInstance)
                .map(Presence.class::cast)
                .filter(word -> word.requestId().equals(writer.id))
                .map(Presence::readers)
                .toList();
    }

    @Test
    void onlyTheTypesAskedForComeAndTheEnd() throws Exception {
        var writer = world().writer().start().deltas(3);
        writer.write(ended(null)).deltas(2).complete().flush();
        var written = writer.written();
        try (var reading = open(client(), writer.id, "?types=item.*,nobody.knows")) {
            assertThat(reading.rest()).containsExactly(written.get(4), written.get(7));
            assertThat(reading.tidemark()).isEqualTo(7);
        }
        try (var reading = open(client(), writer.id, "?types=stream.*&after=2")) {
            assertThat(reading.rest()).containsExactly(written.get(7));
        }
    }

    private static ItemBody.ItemCompleted ended(@Nullable String signature) {
        return new ItemBody.ItemCompleted(
                "message", ItemBody.ItemStatus.COMPLETED, signature, null);
    }

    @Test
    void theTidemarkMovesOverWhatIsLeftOut() throws Exception {
        var writer = world().writer().start().deltas(5);
        writer.flush();
        var leaving = world().edge(lively());
        try (var edge = new Client(leaving);
                var reading = open(edge, writer.id, "?types=stream.*")) {
            reading.take(1);
            var draining = CompletableFuture.runAsync(leaving::drain);
            reading.rest();
            draining.join();
            assertThat(reading.tidemark()).isEqualTo(5);
        }
        try (var edge = new Client(world().edge(lively()));
                var nothingYet = open(edge, writer.id, "?types=stream.*&after=2")) {
            var next = CompletableFuture.supplyAsync(() -> nextOf(nothingYet));
            await().atMost(PATIENCE).until(() -> nothingYet.tidemark() == 5);
            writer.complete();
            assertThat(next.join()).isEqualTo(writer.written().getLast());
        }
    }

    @Test
    void theResponseSoFarComesFirstAndThenWhatFollows() throws Exception {
        var writer = world().writer().start().deltas(3);
        writer.flush();
        var response = "{\"status\":\"in_progress\",\n\"lastSequence\":2,\"items\":[]}";
        world().projector.responses.put(writer.id.toString(), response);
        try (var reading = open(client(), writer.id, "?from=snapshot&types=stream.*,text.*")) {
            var snapshot = Client.JSON.readTree(reading.take(1).getFirst());
            assertThat(snapshot.path("type").asText()).isEqualTo("snapshot");
            assertThat(snapshot.path("requestId").asText()).isEqualTo(writer.id.toString());
            assertThat(snapshot.path("sequence").asLong()).isEqualTo(2);
            assertThat(snapshot.path("response")).isEqualTo(Client.JSON.readTree(response));
            writer.complete();
            assertThat(reading.rest()).isEqualTo(writer.written().subList(3, 5));
        }
    }

    @Test
    void ofAStreamThatHasEndedTheSnapshotIsAllEvenWhenTheEventsHaveExpired() throws Exception {
        var writer = world().writer().start().complete();
        writer.flush();
        var response = "{\"lastSequence\":1,\"status\":\"completed\"}";
        world().projector.responses.put(writer.id.toString(), response);
        try (var reading = open(client(), writer.id, "?from=snapshot")) {
            assertThat(reading.rest()).hasSize(1);
            assertThat(reading.tidemark()).isEqualTo(1);
        }
        world().expireEvents(writer.id);
        try (var cold = new Client(world().edge());
                var reading = open(cold, writer.id, "?from=snapshot")) {
            assertThat(reading.rest()).hasSize(1);
        }
    }

    @Test
    void aSnapshotIsRefusedWhereThereIsNoneToGive() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        problem(ask(client(), writer.id, "?from=snapshot"), 503, "projector_unavailable");
        problem(ask(client(), world().newId(), "?from=snapshot"), 404, "unknown_stream");
        problem(ask(client(), writer.id, "?from=snapshot&after=1"), 400, "invalid_request");
    }

    @Test
    void whatIsBatchedSaysTheSame() throws Exception {
        var writer = world().writer().start().deltas(20).complete();
        writer.flush();
        try (var reading = open(client(), writer.id, "?batch=200")) {
            var events = reading.rest();
            assertThat(events).hasSizeLessThan(22).contains(writer.written().getLast());
            assertThat(text(events)).isEqualTo(text(writer.written()));
            assertThat(reading.tidemark()).isEqualTo(21);
        }
    }

    private static String text(List<String> events) throws Exception {
        var text = new StringBuilder();
        for (var event : events) {
            text.append(Client.JSON.readTree(event).path("text").asText(""));
        }
        return text.toString();
    }

    @Test
    void aForeignWritersLineBreaksDoNoHarm() throws Exception {
        var writer = world().writer().start();
        writer.raw("text.delta", "{\"type\":\"text.delta\",\r\n\"text\":\"a\",\n\"sequence\":1}");
        writer.complete();
        try (var reading = open(client(), writer.id, "?after=0")) {
            var events = reading.rest();
            assertThat(events).hasSize(2);
            assertThat(Client.JSON.readTree(events.getFirst()))
                    .isEqualTo(Client.JSON.readTree(writer.written().get(1)));
        }
    }

    @Test
    void sensitiveFieldsStayHere() throws Exception {
        var writer = world().writer().start().write(ended("signature")).complete();
        try (var reading = open(client(), writer.id, "")) {
            assertThat(reading.rest().get(1)).contains("item.completed").doesNotContain("sig");
        }
    }
}
