package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/** Server-sent events. */
class SseReadingIT extends ReadingContract {
    @Override
    Reading open(Client client, StreamId id, String query) throws Exception {
        var sse = client.openStream(client.request(Client.events(id, query)));
        return new Reading() {
            @Override
            public @Nullable String next() throws Exception {
                var event = sse.next();
                return event == null ? null : event.data();
            }

            @Override
            public long tidemark() {
                return sse.lastEventId.isEmpty() ? -1 : Long.parseLong(sse.lastEventId);
            }

            @Override
            public void close() throws IOException {
                sse.close();
            }
        };
    }

    @Test
    void whatIsLeftOutMovesTheLastEventIdAndDispatchesNothing() throws Exception {
        var writer = world().writer().start().deltas(3).complete();
        writer.flush();
        var body = ask(client(), writer.id, "?types=stream.started").body();

        /* Where the broker parts the batches, a tidemark alone may stand between the two. */
        assertThat(body.replaceAll("data: .*", "data: {}").replaceFirst("id: [1-3]\n\n", ""))
                .isEqualTo(
                        """
                        : tidemark
                        retry: 1000

                        id: 0
                        event: stream.started
                        data: {}

                        id: 4
                        event: stream.completed
                        data: {}

                        """);
        var open = world().writer().start().deltas(3);
        open.flush();
        try (var raw = new RawHttp(client().base())) {
            raw.send(
                    "GET "
                            + Client.events(open.id, "?types=stream.*")
                            + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(raw.readUntil("id: 3\n\n")).doesNotContain("id: 1", "id: 2");
        }
    }

    @Test
    void whoComesBackToAUrlWithASnapshotGoesOnWhereItIs() throws Exception {
        var writer = world().writer().start().deltas(3).complete();
        writer.flush();
        var request =
                client().request(Client.events(writer.id, "?from=snapshot"))
                        .header("Last-Event-ID", "2");
        try (var events = client().openStream(request)) {
            assertThat(Client.ids(events.rest())).containsExactly("3", "4");
        }
    }

    @Test
    void aStreamWithoutEventsHasNoSnapshot() throws Exception {
        var started = Client.json(client().post("/v1/streams", Client.START));
        var id = StreamId.parse(started.path("requestId").asText());
        try (var reading = open(client(), id, "?from=snapshot")) {
            var writer = world().writer(id).start().complete();
            assertThat(reading.rest()).isEqualTo(writer.written());
        }
    }

    @Test
    void aPostMayFilterAndBatchItsEventsToo() throws Exception {
        var response =
                client().stream(
                        client().request("/v1/streams?types=text.*&batch=50")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(Client.START)));
        var id = StreamId.parse(response.headers().firstValue("Tidemark-Request-Id").orElseThrow());
        var writer = world().writer(id).start().deltas(2).complete();
        try (var events = new Sse(response.body())) {
            var got = events.rest();
            assertThat(got.getLast().data()).isEqualTo(writer.written().getLast());
            assertThat(got.getFirst().type()).isEqualTo("text.delta");
        }
    }

    @Override
    HttpResponse<String> ask(Client client, StreamId id, String query) throws Exception {
        return client.send(
                client.request(Client.events(id, query)).header("Accept", "text/event-stream"));
    }
}
