package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.Command.Presence;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What edges tell whoever writes a stream of its readers. */
@RunsOnKafka
class PresenceIT {
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final World world = new World();
    private final Edge edge = world.edge(attentive());
    private final Client client = new Client(edge);

    private EdgeConfig attentive() {
        var config = world.config();
        var streaming = config.streaming();
        return config.with(streaming.withPresence(INTERVAL));
    }

    @BeforeAll
    static void quiet() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterEach
    void close() {
        client.close();
        world.close();
    }

    private List<Presence> words(StreamId id) {
        return world.commands().stream()
                .filter(Presence.class::isInstance)
                .map(Presence.class::cast)
                .filter(word -> word.requestId().equals(id))
                .toList();
    }

    private void awaitLastWord(StreamId id, int readers) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(words(id))
                                .last()
                                .extracting(Presence::readers)
                                .isEqualTo(readers));
    }

    @Test
    void aPolicyIsAskedForWithTheStream() throws Exception {
        client.post(
                "/v1/streams",
                """
                {"api":"openai.responses","onDisconnect":"cancel","request":{"model":"m"}}\
                """);

        assertThat(world.commands())
                .singleElement()
                .isInstanceOfSatisfying(
                        Command.Start.class,
                        start -> assertThat(start.onDisconnect()).isEqualTo(OnDisconnect.CANCEL));
    }

    @Test
    void readersAreToldOfAtAnIntervalAndWhenTheLastHasLeft() throws Exception {
        var writer = world.writer().heeding().start().deltas(3);
        try (var first = client.events(writer.id);
                var second = client.eventsAfter(writer.id, 1)) {
            first.take(4);
            second.take(2);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(words(writer.id)).hasSizeGreaterThan(2));
        }
        writer.deltas(1).flush();
        awaitLastWord(writer.id, 0);

        var words = words(writer.id);
        assertThat(words).extracting(Presence::edge).containsOnly(words.getFirst().edge());
        assertThat(words.getFirst().validMs()).isEqualTo(3 * INTERVAL.toMillis());
        assertThat(words.subList(0, words.size() - 1))
                .extracting(Presence::readers)
                .contains(2)
                .doesNotContain(0);
    }

    /* It never sees the first event. */
    @Test
    void aReaderThatResumesAtAnotherEdgeIsToldOfThere() throws Exception {
        var writer = world.writer().heeding().start().deltas(3);
        writer.flush();
        try (var other = new Client(world.edge(attentive()));
                var here = client.eventsAfter(writer.id, 1);
                var there = other.eventsAfter(writer.id, 2)) {
            here.take(2);
            there.take(1);

            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(words(writer.id).stream().map(Presence::edge).distinct())
                                    .hasSize(2));
        }
    }

    @Test
    void anEdgeThatStopsSaysThatNobodyReadsThere() throws Exception {
        var writer = world.writer().heeding().start().deltas(1);
        try (var events = client.events(writer.id)) {
            events.take(2);
            awaitLastWord(writer.id, 1);

            edge.close();

            assertThat(words(writer.id)).last().extracting(Presence::readers).isEqualTo(0);
        }
    }

    @Test
    void anOrdinaryStreamCostsNoWord() throws Exception {
        var ordinary = world.writer().start().deltas(3);
        var heeded = world.writer().heeding().start().deltas(3);
        try (var events = client.events(ordinary.id);
                var others = client.events(heeded.id)) {
            events.take(4);
            others.take(4);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(words(heeded.id)).hasSizeGreaterThan(2));
        }

        assertThat(words(ordinary.id)).isEmpty();
    }
}
