package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Pages that are asked for one after the other. */
class PageReadingIT extends ReadingContract {
    private static final int LIMIT = 7;

    /** Asks for the next page whenever the last one is read. */
    private static final class Pages implements Reading {
        private final Client client;
        private final StreamId id;
        private final String query;
        private final Queue<String> events = new ArrayDeque<>();
        private volatile long tidemark = -1;
        private String place;
        private boolean over;

        Pages(Client client, StreamId id, String query) {
            this.client = client;
            this.id = id;
            this.query = query.replaceAll("[?&]after=[0-9]+", "").replaceFirst("^&", "?");
            this.place = query.replaceAll(".*after=([0-9]+).*|.*", "$1");
        }

        @Override
        public @Nullable String next() throws Exception {
            while (events.isEmpty() && !over) {
                turn();
            }
            return events.poll();
        }

        private void turn() throws Exception {
            var asked = place.isEmpty() ? query : query.replaceFirst("from=snapshot&?", "");
            var paging = (asked.isEmpty() ? "?" : asked + "&") + "wait=300&limit=" + LIMIT;
            var after = place.isEmpty() ? "" : "&after=" + place;
            var response = page(client, id, paging + after);
            if (response.statusCode() != 200) {
                over = true;
                return;
            }
            var page = Client.json(response);
            assertThat(page.path("requestId").asText()).isEqualTo(id.toString());
            assertThat(page.path("events").size()).isLessThanOrEqualTo(LIMIT);
            events.addAll(eventsIn(response.body()));
            over = page.path("ended").booleanValue();
            if (page.has("lastSequence")) {
                place = page.path("lastSequence").asText();
                tidemark = page.path("lastSequence").asLong();
            }
        }

        /* As they stand there, byte for byte. */
        private static List<String> eventsIn(String body) throws IOException {
            var events = new ArrayList<String>();
            try (var json = Client.JSON.createParser(body)) {
                while (!"events".equals(json.currentName())) {
                    json.nextToken();
                }
                json.nextToken();
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    int from = (int) json.currentTokenLocation().getCharOffset();
                    json.skipChildren();
                    events.add(body.substring(from, (int) json.currentLocation().getCharOffset()));
                }
            }
            return events;
        }

        @Override
        public long tidemark() {
            return tidemark;
        }

        @Override
        public void close() {
            // Nothing is open between two pages.
        }
    }

    private static HttpResponse<String> page(Client client, StreamId id, String query)
            throws Exception {
        return client.send(
                client.request(Client.events(id, query)).header("Accept", "application/json"));
    }

    @Override
    Reading open(Client client, StreamId id, String query) {
        return new Pages(client, id, query);
    }

    @Override
    HttpResponse<String> ask(Client client, StreamId id, String query) throws Exception {
        return page(client, id, query);
    }

    /* That the log has a record does not say that the edge has read it: another reader's having
     * been sent it does. A page that waits for nothing holds what the edge has. */
    private static LogWriter shown(LogWriter writer) throws Exception {
        writer.flush();
        try (var sse = client().events(writer.id)) {
            sse.take(writer.written.size());
        }
        return writer;
    }

    private static JsonNode json(LogWriter writer, String query) throws Exception {
        var response = page(client(), writer.id, query);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        return Client.json(response);
    }

    @Test
    void aPageSaysWhereToGoOnAndWhetherThatIsNeeded() throws Exception {
        var writer = shown(world().writer().start().deltas(3).complete());

        var first = json(writer, "?limit=2");
        assertThat(first.path("events")).hasSize(2);
        assertThat(first.path("lastSequence").asLong()).isEqualTo(1);
        assertThat(first.path("ended").booleanValue()).isFalse();
        var last = json(writer, "?after=1");
        assertThat(last.path("events")).hasSize(3);
        assertThat(last.path("lastSequence").asLong()).isEqualTo(4);
        assertThat(last.path("ended").booleanValue()).isTrue();
    }

    @Test
    void aPageIsAnsweredWithTheFirstEventThatComes() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        var waiting =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return json(writer, "?after=0&wait=30000");
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
        writer.deltas(1);

        assertThat(waiting.join().path("lastSequence").asLong()).isEqualTo(1);
    }

    @Test
    void aPageWithoutEventsIsEmptyAndKeepsThePlace() throws Exception {
        var writer = shown(world().writer().start());
        for (var wait : new String[] {"", "&wait=50"}) {
            var page = json(writer, "?after=0" + wait);
            assertThat(page.path("events")).isEmpty();
            assertThat(page.path("lastSequence").asLong()).isZero();
            assertThat(page.path("ended").booleanValue()).isFalse();
        }
    }

    @Test
    void aPageIsBoundedInBytesButHasOneEventAtLeast() throws Exception {
        var writer = world().writer().start();
        writer.write(new TextDelta("x".repeat(1_500_000), null));
        for (int i = 0; i < 10; i++) {
            writer.write(new TextDelta("y".repeat(200_000), null));
        }
        shown(writer);

        assertThat(json(writer, "?after=0").path("lastSequence").asLong()).isEqualTo(1);
        var page = json(writer, "?after=1");
        assertThat(page.path("events")).hasSize(5);
        assertThat(page.path("lastSequence").asLong()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"limit=0,limit", "limit=1001,limit", "wait=30001,wait", "wait=1&wait=2,wait"})
    void aPageBeyondTheBoundsIsRefused(String query, String field) throws Exception {
        var response = page(client(), world().newId(), "?" + query);
        assertThat(Client.problem(response, 400, "invalid_request").path("field").asText())
                .isEqualTo(field);
    }

    @Test
    void aClientThatLeavesWhileItWaitsIsNoReaderAnyMore() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        try (var edge = new Client(world().edge())) {
            try (var raw = new RawHttp(edge.base())) {
                raw.send(
                        "GET "
                                + Client.events(writer.id, "?after=0&wait=30000")
                                + " HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n");
                await().until(() -> world().readers() == 1);
            }
            await().until(() -> world().readers() == 0);
        }
    }
}
