package io.tidemark.edge;

import static io.tidemark.edge.Client.data;
import static io.tidemark.edge.Client.ids;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** What a reader is told when what it asks for is not there. */
@RunsOnKafka
class GapContractIT {
    private final World world = new World();
    private final Client client = new Client(world.edge());

    @BeforeAll
    static void quiet() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterEach
    void close() {
        client.close();
        world.close();
    }

    @Test
    void atTheTerminalThereIsNoContentHotAndCold() throws Exception {
        var writer = world.writer().start().deltas(1).complete();
        writer.flush();
        try (var cold = new Client(world.edge())) {
            assertThat(after(client, writer.id, 2).statusCode()).isEqualTo(204);
            assertThat(after(cold, writer.id, 2).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void beyondTheEndIsAConflictThatNamesTheEnd() throws Exception {
        var ended = world.writer().start().deltas(1).complete();
        var open = world.writer().start().deltas(1);
        ended.flush();
        open.flush();
        try (var cold = new Client(world.edge())) {
            for (var edge : new Client[] {client, cold}) {
                assertThat(
                                problem(after(edge, ended.id, 3), 409, "beyond_end")
                                        .path("lastSequence")
                                        .asLong())
                        .isEqualTo(2);
                assertThat(
                                problem(after(edge, open.id, 2), 409, "beyond_end")
                                        .path("lastSequence")
                                        .asLong())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void beyondAStreamWithoutEventsIsAConflict() throws Exception {
        var id = started();
        assertThat(problem(after(client, id, 0), 409, "beyond_end").has("lastSequence")).isFalse();
    }

    @Test
    void aStreamThatWasOnlyAskedForElsewhereIsKnown() throws Exception {
        var id = started();
        try (var events = client.events(id)) {
            world.writer(id).start().complete();
            assertThat(ids(events.rest())).containsExactly("0", "1");
        }
    }

    @Test
    void expiredEventsAreGoneAndTheEarliestIsNamed() throws Exception {
        var writer = world.writer().start().deltas(4);
        long last = writer.flush();
        writer.deltas(2).complete().flush();
        world.expireBefore(writer.id, last);
        try (var cold = new Client(world.edge())) {
            var response = after(cold, writer.id, 1);

            var problem = problem(response, 410, "events_expired");
            assertThat(problem.path("earliestSequence").asLong()).isEqualTo(4);
            assertThat(problem.path("response").asText()).isEqualTo("/v1/streams/" + writer.id);
            assertThat(response.headers().firstValue("Link"))
                    .hasValue("</v1/streams/" + writer.id + ">; rel=\"alternate\"");
            try (var events = cold.eventsAfter(writer.id, 3)) {
                assertThat(ids(events.rest())).containsExactly("4", "5", "6", "7");
            }
        }
    }

    @Test
    void retentionThatPassesUnderAReaderEndsItAndItsReturnIsGone() throws Exception {
        var writer = world.writer().start();
        var padding = "x".repeat(10_000);
        for (int i = 0; i < 3_000; i++) {
            writer.write(new TextDelta(padding, null));
        }
        writer.complete();
        long last = writer.flush();
        try (var cold = new Client(world.edge());
                var reader = new RawHttp(cold.base())) {
            reader.send(
                    "GET "
                            + Client.events(writer.id, "")
                            + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                            + "Accept: text/event-stream\r\n\r\n");
            reader.readUntil("id: 0\n");

            world.expireBefore(writer.id, last);

            var rest = reader.readToEnd();
            assertThat(rest).doesNotContain("id: 3000\n").doesNotContain("id: 3001\n");
            long seen = lastId(rest);
            var problem = problem(after(cold, writer.id, seen), 410, "events_expired");
            assertThat(problem.path("earliestSequence").asLong()).isEqualTo(3001);
        }
    }

    private static long lastId(String events) {
        return Pattern.compile("^id: (\\d+)$", Pattern.MULTILINE)
                .matcher(events)
                .results()
                .mapToLong(it -> Long.parseLong(it.group(1)))
                .max()
                .orElse(0);
    }

    @Test
    void aStreamOfWhichOnlyTheResponseIsLeftIsGone() throws Exception {
        var writer = world.writer().start().complete();
        writer.flush();
        world.expireEvents(writer.id);
        world.projector.responses.put(writer.id.toString(), "{}");
        try (var cold = new Client(world.edge())) {
            var problem = problem(after(cold, writer.id, 0), 410, "events_expired");
            assertThat(problem.has("earliestSequence")).isFalse();
        }
    }

    @Test
    void aFinalHoleEndsItsReadersAndIsToldToThoseWhoComeBack() throws Exception {
        var ahead = new AtomicReference<>(Duration.ZERO);
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        var writer = world.writer().start().deltas(2);
        try (var edge = new Client(world.edge(lively(), clock));
                var events = edge.events(writer.id)) {
            events.take(3);
            writer.lose(2).deltas(2).complete().flush();
            Awaitility.await().until(() -> world.count("tidemark.edge.gap.records") == 3);
            problem(after(edge, writer.id, 4), 503, "events_pending");

            ahead.set(Duration.ofSeconds(60));

            assertThat(events.rest()).isEmpty();
            var response = after(edge, writer.id, 2);
            var problem = problem(response, 410, "events_missing");
            assertThat(problem.path("earliestSequence").asLong()).isEqualTo(5);
            assertThat(problem.path("response").asText()).isEqualTo("/v1/streams/" + writer.id);
            assertThat(response.headers().firstValue("Link"))
                    .hasValue("</v1/streams/" + writer.id + ">; rel=\"alternate\"");
            try (var rest = edge.eventsAfter(writer.id, 4)) {
                assertThat(ids(rest.rest())).containsExactly("5", "6", "7");
            }
            assertThat(after(edge, writer.id, 7).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void anEdgeThatStartsLaterFindsTheHoleInTheLog() throws Exception {
        InstantSource clock = () -> Instant.now().plusSeconds(60);
        var writer = world.writer().start().deltas(2).lose(1).deltas(2);
        writer.flush();
        try (var cold = new Client(world.edge(lively(), clock))) {
            try (var events = cold.events(writer.id)) {
                assertThat(ids(events.rest())).containsExactly("0", "1", "2");
            }
            problem(after(cold, writer.id, 2), 410, "events_missing");
            try (var rest = cold.eventsAfter(writer.id, 3)) {
                assertThat(ids(rest.take(2))).containsExactly("4", "5");
                writer.deltas(1).complete();
                assertThat(ids(rest.rest())).containsExactly("6", "7");
            }
        }
    }

    @Test
    void aHoleThatAHigherAttemptMendsIsNotSeen() throws Exception {
        var writer = world.writer().start().deltas(2);
        try (var events = client.events(writer.id)) {
            events.take(3);
            writer.zombie(5, 1).zombie(6, 1).fence(2).deltas(2).complete();

            assertThat(data(events.rest())).isEqualTo(writer.written().subList(3, 6));
        }
    }

    private EdgeConfig lively() {
        var often =
                new StreamingConfig(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ZERO);
        return world.config().with(often);
    }

    @Test
    void anUnknownStreamIsNotFound() throws Exception {
        var unknown = world.newId();
        assertThat(
                        problem(client.get(Client.events(unknown, "")), 404, "unknown_stream")
                                .path("field")
                                .asText())
                .isEqualTo("id");
        problem(after(client, unknown, 7), 404, "unknown_stream");
        var elsewhere = StreamId.mint(InstantSource.system(), world.random, World.PARTITIONS);
        problem(client.get(Client.events(elsewhere, "")), 404, "unknown_stream");
    }

    private StreamId started() throws Exception {
        var id = world.newId();
        world.started(id, null);
        return id;
    }

    private static HttpResponse<String> after(Client client, StreamId id, long after)
            throws Exception {
        return client.send(
                client.request(Client.events(id, ""))
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", Long.toString(after)));
    }
}
