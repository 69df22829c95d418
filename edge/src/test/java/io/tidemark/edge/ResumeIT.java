package io.tidemark.edge;

import static io.tidemark.edge.Client.data;
import static io.tidemark.edge.Client.ids;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.ItemBody;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A reader that comes back, wherever and whenever, gets what it has not had, once. */
@RunsOnKafka
class ResumeIT {
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
    void resumesBehindEachSequenceOfAStreamInTheWindow() throws Exception {
        var writer = world.writer().start().deltas(10).complete();
        try (var events = client.events(writer.id)) {
            events.rest();
        }
        assertResumesEverywhere(client, writer);
    }

    @Test
    void resumesBehindEachSequenceOfAStreamThatIsOnlyInTheLog() throws Exception {
        var writer = world.writer().start().deltas(10).complete();
        writer.flush();
        try (var cold = new Client(world.edge())) {
            assertResumesEverywhere(cold, writer);
        }
    }

    private static void assertResumesEverywhere(Client client, LogWriter writer) throws Exception {
        var written = writer.written();
        for (int after = 0; after < written.size() - 1; after++) {
            try (var events = client.eventsAfter(writer.id, after)) {
                var rest = events.rest();
                assertThat(data(rest)).isEqualTo(written.subList(after + 1, written.size()));
                assertThat(rest.getFirst().id()).isEqualTo(Integer.toString(after + 1));
            }
        }
    }

    @Test
    void theHeaderWinsOverTheParameter() throws Exception {
        var writer = world.writer().start().deltas(5).complete();
        writer.flush();
        var response =
                client.stream(
                        client.request(Client.events(writer.id, "?after=1"))
                                .header("Last-Event-ID", "4"));
        try (var events = new Sse(response.body())) {
            assertThat(ids(events.rest())).containsExactly("5", "6");
        }
    }

    @Test
    void thePlaceHasAnotherNameForClientsWithoutHeaders() throws Exception {
        var writer = world.writer().start().deltas(5).complete();
        writer.flush();
        for (var query : List.of("?lastEventId=4", "?after=4&lastEventId=4")) {
            try (var events = client.openStream(client.request(Client.events(writer.id, query)))) {
                assertThat(ids(events.rest())).containsExactly("5", "6");
            }
        }
        var header =
                client.request(Client.events(writer.id, "?lastEventId=1"))
                        .header("Last-Event-ID", "4");
        try (var events = client.openStream(header)) {
            assertThat(ids(events.rest())).containsExactly("5", "6");
        }
    }

    @Test
    void aReaderThatIsCutAgainAndAgainHasTheListOfOneThatIsNot() throws Exception {
        assertCutsDoNotShow(client);
    }

    @Test
    void neitherDoCutsShowWhenTheWindowHoldsNextToNothing() throws Exception {
        var tiny = world.config().with(new WindowConfig(2_000, 10));
        try (var lapped = new Client(world.edge(tiny))) {
            assertCutsDoNotShow(lapped);
            assertThat(world.count("tidemark.edge.lapped")).isPositive();
        }
    }

    private void assertCutsDoNotShow(Client reading) throws Exception {
        var random = new Random(11);
        var writer = world.writer().start();
        var writing = CompletableFuture.runAsync(() -> write(writer, random));
        var got = new ArrayList<Sse.Event>();
        while (got.isEmpty() || !got.getLast().terminal()) {
            try (var events =
                    got.isEmpty()
                            ? reading.events(writer.id)
                            : reading.eventsAfter(writer.id, got.size() - 1)) {
                int until = got.size() + 1 + random.nextInt(60);
                for (var event = events.next();
                        event != null && got.size() < until;
                        event = events.next()) {
                    got.add(event);
                }
            }
        }
        writing.join();
        assertThat(data(got)).isEqualTo(writer.written());
        try (var whole = reading.events(writer.id)) {
            assertThat(got).isEqualTo(whole.rest());
        }
    }

    private static void write(LogWriter writer, Random random) {
        try {
            for (int i = 0; i < 100; i++) {
                writer.deltas(1 + random.nextInt(8)).flush();
            }
            writer.complete();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aReaderGoesOnAtAnotherEdge() throws Exception {
        var writer = world.writer().start().deltas(3);
        try (var other = new Client(world.edge())) {
            var all = new ArrayList<Sse.Event>();
            try (var here = client.events(writer.id)) {
                all.addAll(here.take(4));
            }
            try (var there = other.eventsAfter(writer.id, 3)) {
                writer.deltas(3).complete();
                all.addAll(there.rest());
            }
            assertThat(data(all)).isEqualTo(writer.written());
        }
    }

    @Test
    void whatAFenceEndedIsSeenByNobody() throws Exception {
        var writer = world.writer().start().deltas(2);
        try (var live = client.events(writer.id);
                var other = new Client(world.edge())) {
            live.take(3);
            writer.fence(2).zombie(3, 1).deltas(2).zombie(5, 1).zombie(6, 1).deltas(1).complete();

            assertThat(data(live.rest())).isEqualTo(writer.written().subList(3, 7));
            try (var cold = other.events(writer.id)) {
                assertThat(data(cold.rest())).isEqualTo(writer.written());
            }
        }
    }

    @Test
    void aTailThatStartsBehindAFenceIsNotFooledByAZombie() throws Exception {
        var writer = world.writer().start().fence(2).deltas(1);
        writer.flush();
        try (var late = new Client(world.edge())) {
            writer.zombie(2, 1).zombie(0, 1).deltas(2).complete();
            try (var events = late.events(writer.id)) {
                assertThat(data(events.rest())).isEqualTo(writer.written());
            }
        }
    }

    @Test
    void sensitiveFieldsStayHereAndTheBytesAreTheSameEachTime() throws Exception {
        var writer = world.writer().start();
        writer.write(
                new ItemBody.ItemCompleted(
                        "reasoning", ItemBody.ItemStatus.COMPLETED, "sig", "secret"));
        writer.complete().flush();
        try (var live = client.events(writer.id);
                var other = new Client(world.edge());
                var cold = other.events(writer.id)) {
            var first = live.rest();
            assertThat(first).isEqualTo(cold.rest());
            assertThat(first.get(1).data())
                    .contains("\"item.completed\"")
                    .doesNotContain("sig")
                    .doesNotContain("secret");
        }
    }

    @Test
    void aForeignWritersLineBreaksDoNotBreakTheStream() throws Exception {
        var writer = world.writer().start();
        writer.raw("text.delta", "{\"type\":\"text.delta\",\n\"text\":\"a\",\r\n\"sequence\":1}");
        writer.complete();
        try (var events = client.events(writer.id)) {
            var all = events.rest();
            assertThat(all.get(1).data())
                    .isEqualTo("{\"type\":\"text.delta\",\n\"text\":\"a\",\n\"sequence\":1}");
            assertThat(all).hasSize(3);
        }
    }

    @Test
    void heartbeatsComeWhileNothingElseDoes() throws Exception {
        var lively =
                world.config()
                        .with(
                                new StreamingConfig(
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(700),
                                        Duration.ofMillis(100)));
        var writer = world.writer().start();
        try (var other = new Client(world.edge(lively));
                var events = other.events(writer.id)) {
            events.take(1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .pollDelay(Duration.ofMillis(300))
                    .until(() -> true);
            writer.complete();
            events.rest();
            assertThat(events.comments).containsSubsequence(List.of("heartbeat", "heartbeat"));
            assertThat(events.retries).containsExactly("700");
        }
    }

    @Test
    void noSilenceIsLongerThanTheHeartbeatInterval() throws Exception {
        var interval = Duration.ofSeconds(2);
        var slow = new StreamingConfig(interval, Duration.ofMillis(700), Duration.ZERO);
        var writer = world.writer().start();
        writer.flush();
        try (var raw = new RawHttp(world.edge(world.config().with(slow)).address())) {
            raw.send("GET " + Client.events(writer.id, "") + " HTTP/1.1\r\nHost: a\r\n\r\n");
            raw.readUntil("id: 0\n");
            long silentFrom = System.nanoTime();
            raw.readUntil(": heartbeat");

            var silence = Duration.ofNanos(System.nanoTime() - silentFrom);
            assertThat(silence).isLessThan(interval.plusSeconds(1));
        }
    }

    @Test
    void aReaderThatStaysForLongIsSentAwayAndMissesNothing() throws Exception {
        var brief =
                new StreamingConfig(Duration.ofMillis(50), Duration.ofMillis(700), Duration.ZERO)
                        .withPatience(Duration.ofSeconds(1), Duration.ofMillis(300));
        var writer = world.writer().start().deltas(2);
        try (var other = new Client(world.edge(world.config().with(brief)))) {
            List<String> read;
            try (var events = other.events(writer.id)) {
                read = new ArrayList<>(Client.data(events.rest()));
                assertThat(events.retries).containsExactly("700", "700");
            }
            assertThat(read).hasSize(3);
            writer.deltas(2).complete();
            try (var events = other.eventsAfter(writer.id, 2)) {
                read.addAll(Client.data(events.rest()));
            }
            assertThat(read).isEqualTo(writer.written());
            assertThat(world.count("tidemark.edge.rotated")).isEqualTo(1);
        }
    }

    @Test
    void aReaderThatLeavesLeavesNothingBehind() throws Exception {
        var writer = world.writer().start();
        var events = client.events(writer.id);
        events.take(1);
        assertThat(world.readers()).isEqualTo(1);

        events.close();

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> world.readers() == 0);
        assertThat(world.count("tidemark.edge.disconnected")).isEqualTo(1);
    }

    @Test
    void aReaderOfItsOwnPostIsMissedAsWellWhenItLeaves() throws Exception {
        var response =
                client.stream(
                        client.request("/v1/streams")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(Client.START)));
        assertThat(world.readers()).isEqualTo(1);

        response.body().close();

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> world.readers() == 0);
    }
}
