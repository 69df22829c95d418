package io.tidemark.edge;

import static io.tidemark.edge.Client.START;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Edges that serve a part of the partitions each, and send readers of others to the right place.
 */
@RunsOnKafka
class PartitionsIT {
    private final World world = new World();
    private final Edge right = world.edge(serving(Set.of(1, 2), Map.of()));
    private final Edge left =
            world.edge(serving(Set.of(0), Map.of(1, right.address(), 2, right.address())));
    private final Client atLeft = new Client(left);
    private final Client atRight = new Client(right);

    @AfterEach
    void close() {
        atLeft.close();
        atRight.close();
        world.close();
    }

    private EdgeConfig serving(Set<Integer> partitions, Map<Integer, URI> elsewhere) {
        return world.config().with(new PartitionsConfig(partitions, elsewhere));
    }

    private StreamId id(int partition) {
        return StreamId.mint(InstantSource.system(), world.random, partition);
    }

    private static URI location(HttpResponse<String> response) {
        return URI.create(response.headers().firstValue("Location").orElseThrow());
    }

    @Test
    void anEdgeStartsStreamsInItsOwnPartitions() throws Exception {
        var started = new ArrayList<Integer>();
        for (int i = 0; i < 20; i++) {
            started.add(partition(atLeft.post("/v1/streams", START)));
        }
        assertThat(started).containsOnly(0);
        started.clear();
        for (int i = 0; i < 40; i++) {
            started.add(partition(atRight.post("/v1/streams", START)));
        }
        assertThat(started).containsOnly(1, 2);
    }

    private static int partition(HttpResponse<String> created) throws Exception {
        return StreamId.parse(Client.json(created).path("requestId").asText()).partition();
    }

    @Test
    void aReaderOfAnotherPartitionIsSentToItsEdgeAndGetsEveryEventThere() throws Exception {
        var writer = world.writer(id(2)).start().deltas(3).complete();
        writer.flush();
        var query = "?after=1&token=a.b~c%20d";

        var sent = atLeft.get(Client.events(writer.id, query));

        assertThat(sent.statusCode()).isEqualTo(307);
        assertThat(location(sent))
                .isEqualTo(right.address().resolve(Client.events(writer.id, query)));
        assertThat(sent.headers().firstValue("Cache-Control")).hasValue("no-store");
        try (var events = atRight.eventsAfter(writer.id, 1)) {
            assertThat(Client.data(events.rest())).isEqualTo(writer.written().subList(2, 5));
        }
    }

    @Test
    void everythingOfAStreamIsWhereItsPartitionIs() throws Exception {
        var there = id(1).toString();
        for (var path : List.of("", "/events", "/events?from=snapshot")) {
            var sent = atLeft.get("/v1/streams/" + there + path);
            assertThat(sent.statusCode()).isEqualTo(307);
            assertThat(location(sent).toString())
                    .isEqualTo(right.address() + "/v1/streams/" + there + path);
        }
        var cancel =
                atLeft.send(
                        atLeft.request("/v1/streams/" + there + "/cancel?wait=5")
                                .POST(BodyPublishers.noBody()));
        assertThat(cancel.statusCode()).isEqualTo(307);
        assertThat(world.commands()).isEmpty();
        problem(atLeft.get("/v1/streams/" + there + "/nothing"), 404, "not_found");
        problem(atLeft.get("/v1/streams/abc/events"), 400, "invalid_request");
        problem(atLeft.get(Client.events(id(7), "")), 404, "unknown_stream");
    }

    @Test
    void whereNoEdgeIsKnownTheClientIsToldSo() throws Exception {
        var refused = atRight.get(Client.events(id(0), ""));

        assertThat(problem(refused, 421, "misdirected").path("partition").asInt()).isZero();
    }

    @Test
    void anEdgeFollowsItsOwnPartitionsAlone() throws Exception {
        var theirs = world.writer(id(1)).start().deltas(3);
        theirs.flush();
        var ours = world.writer(id(0)).start().deltas(1).complete();
        try (var events = atLeft.events(ours.id)) {
            assertThat(Client.data(events.rest())).isEqualTo(ours.written());
        }

        assertThat(world.meters.get("tidemark.edge.window.streams").gauge().value()).isEqualTo(1);
        assertThat(world.meters.get("tidemark.edge.index.streams").gauge().value()).isLessThan(2);
    }

    @Test
    void aStartThatIsRepeatedElsewhereIsOneStreamAndItsLinksAreGiven() throws Exception {
        var first = atRight.send(start(atRight).header("Accept", "application/json"));
        var again = atLeft.send(start(atLeft).header("Accept", "text/event-stream"));

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(Client.json(again).path("requestId"))
                .isEqualTo(Client.json(first).path("requestId"));
        assertThat(partition(again)).isIn(1, 2);
    }

    private static HttpRequest.Builder start(Client client) {
        return client.request("/v1/streams")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "\"one\"")
                .POST(BodyPublishers.ofString(START));
    }

    @Test
    void aPartitionThatIsHandedOverTakesItsReadersAlong() throws Exception {
        var writer = world.writer(id(0)).start().deltas(2);
        var read = new ArrayList<String>();
        try (var events = atLeft.events(writer.id)) {
            read.addAll(Client.data(events.take(3)));
            left.drain();
            assertThat(events.rest()).isEmpty();
        }
        var heir = world.edge(serving(Set.of(0, 1), Map.of()));
        var successor = serving(Set.of(2), Map.of(0, heir.address(), 1, heir.address()));
        writer.deltas(2).complete();
        try (var back = new Client(world.edge(successor));
                var atHeir = new Client(heir)) {
            var sent = back.get(Client.events(writer.id, "?after=2"));
            assertThat(location(sent).getAuthority()).isEqualTo(heir.address().getAuthority());
            try (var events = atHeir.eventsAfter(writer.id, 2)) {
                read.addAll(Client.data(events.rest()));
            }
        }
        assertThat(read).isEqualTo(writer.written());
    }

    @Test
    void partitionsThatTheTopicDoesNotHaveAreRefusedByName() {
        assertThatThrownBy(() -> world.edge(serving(Set.of(0, 7), Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("partitions served must be 0 to 2, as the topic has them, was [0, 7]");
        assertThatThrownBy(() -> serving(Set.of(0), Map.of(0, right.address())))
                .hasMessage("partitions must be served here or elsewhere, found both for [0]");
        assertThatThrownBy(() -> serving(Set.of(), Map.of(3, right.address())))
                .hasMessage("elsewhere must be empty where all partitions are served, has [3]");
        assertThatThrownBy(() -> serving(Set.of(-1), Map.of()))
                .hasMessage("partition must be 0 to 9999, was -1");
    }
}
