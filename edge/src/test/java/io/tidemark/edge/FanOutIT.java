package io.tidemark.edge;

import static io.tidemark.edge.Client.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many readers of one stream; some of them do not read. */
@RunsOnKafka
class FanOutIT {
    private static final int READERS = 1_000;

    private final World world = new World();
    private final Edge edge = world.edge();
    private final Client client = new Client(edge);

    @AfterEach
    void close() {
        client.close();
        world.close();
    }

    @Test
    void aThousandReadersGetEverything() throws Exception {
        var writer = world.writer().start();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = new ArrayList<Future<List<Sse.Event>>>();
            for (int i = 0; i < READERS; i++) {
                reading.add(threads.submit(readAll(writer)));
            }
            awaitReaders(READERS);
            for (int i = 0; i < 20; i++) {
                writer.deltas(10);
            }
            writer.complete();
            var wanted = writer.written();
            for (var reader : reading) {
                assertThat(data(reader.get(60, TimeUnit.SECONDS))).isEqualTo(wanted);
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> world.readers() == 0);
    }

    private Callable<List<Sse.Event>> readAll(LogWriter writer) {
        return () -> {
            try (var events = client.events(writer.id)) {
                return events.rest();
            }
        };
    }

    private void awaitReaders(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> world.readers() == count);
    }

    @Test
    void readersThatDoNotReadDoNotHoldUpTheOthersAndMissNothing() throws Exception {
        var writer = world.writer().start();
        writer.flush();
        var stalled = new ArrayList<RawHttp>();
        try {
            for (int i = 0; i < 20; i++) {
                var raw = new RawHttp(edge.address());
                raw.send(
                        "GET "
                                + Client.events(writer.id, "")
                                + " HTTP/1.1\r\nHost: a\r\n"
                                + "Accept: text/event-stream\r\n\r\n");
                stalled.add(raw);
            }
            awaitReaders(20);
            try (var events = client.events(writer.id)) {
                events.take(1);
                var padding = "x".repeat(10_000);
                for (int i = 0; i < 1_000; i++) {
                    writer.write(new TextDelta(padding, null));
                }
                writer.complete();
                assertThat(events.rest()).hasSize(1_001);
            }
            assertThat(world.readers()).isEqualTo(20);
            for (var raw : stalled) {
                assertThat(raw.readUntil("id: 1001\n")).contains("id: 500\n", "id: 1000\n");
            }
        } finally {
            for (var raw : stalled) {
                raw.close();
            }
        }
    }

    @Test
    void aReaderThatTakesNothingForFourHeartbeatsIsGone() throws Exception {
        var often =
                new StreamingConfig(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ZERO);
        var writer = world.writer().start();
        var padding = "x".repeat(10_000);
        for (int i = 0; i < 1_000; i++) {
            writer.write(new TextDelta(padding, null));
        }
        writer.flush();
        var lively = world.edge(world.config().with(often));
        try (var stuck = new RawHttp(lively.address())) {
            stuck.send("GET " + Client.events(writer.id, "") + " HTTP/1.1\r\nHost: a\r\n\r\n");
            stuck.readUntil("id: 0\n");

            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> world.readers() == 0);
            assertThat(world.count("tidemark.edge.disconnected")).isEqualTo(1);
        }
    }

    @Test
    void aConnectionServesTheNextRequestWhenAStreamHasEnded() throws Exception {
        var writer = world.writer().start().complete();
        writer.flush();
        try (var raw = new RawHttp(edge.address())) {
            raw.send("GET " + Client.events(writer.id, "") + " HTTP/1.1\r\nHost: a\r\n\r\n");
            raw.readUntil("\r\n0\r\n\r\n");
            raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(raw.readUntil("ok")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aRequestPipelinedBehindAStreamIsServedAfterIt() throws Exception {
        var writer = world.writer().start();
        writer.flush();
        try (var raw = new RawHttp(edge.address())) {
            raw.send("GET " + Client.events(writer.id, "") + " HTTP/1.1\r\nHost: a\r\n\r\n");
            raw.readUntil("id: 0\n");
            raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
            writer.complete();
            assertThat(raw.readUntil("\"ok\"")).contains("id: 1\n", "HTTP/1.1 200");
        }
    }
}
