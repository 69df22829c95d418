package io.tidemark.standalone.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** A reader against answers that are written here. */
class SseReaderIT {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final StreamRequest EVENTS = new StreamRequest.Events("/v1/streams/x/events");
    private static final String OK = "HTTP/1.1 200 OK\r\n\r\n";

    /** Answers each connection with the next of some answers, and closes it. */
    private static final class Answers implements AutoCloseable {
        private final ServerSocket server =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<String> requests = new CopyOnWriteArrayList<>();

        Answers(String... answers) throws IOException {
            Thread.ofVirtual().start(() -> serve(answers));
        }

        private void serve(String... answers) {
            try {
                for (var answer : answers) {
                    try (var connection = server.accept()) {
                        var request = new StringBuilder();
                        while (request.indexOf("\r\n\r\n") < 0) {
                            request.append((char) connection.getInputStream().read());
                        }
                        requests.add(request.toString());
                        connection
                                .getOutputStream()
                                .write(answer.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                requests.add("failed: " + e);
            }
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static String event(long sequence, String type, long dueAt) {
        return "id: %d\nevent: %s\ndata: \"%d \"\n\n".formatted(sequence, type, dueAt);
    }

    private static Tally read(Answers answers) throws InterruptedException {
        try (var fleet = new Fleet(answers.address())) {
            var ended = new ArrayList<SseReader>();
            var reader =
                    fleet.add(
                            EVENTS,
                            new ReaderListener() {
                                @Override
                                public void ended(SseReader over) {
                                    ended.add(over);
                                }
                            });
            fleet.run(reader::open);
            LongSupplier done = ended::size;
            assertThat(fleet.await(done, 1, LONGEST)).isTrue();
            return fleet.tally();
        }
    }

    @Test
    void comesBackBehindItsTidemarkUntilItHasTheLastEvent() throws Exception {
        var first =
                OK + event(0, "a", 1_000_000_000L) + event(1, "a", 1_000_000_001L) + "id: 2\nda";
        var refused = "HTTP/1.1 503 Service Unavailable\r\n\r\n";
        var rest =
                OK + event(2, "a", 1_000_000_002L) + event(3, "stream.completed", 1_000_000_003L);
        try (var answers = new Answers(first, refused, rest)) {
            var tally = read(answers);

            assertThat(tally).isEqualTo(new Tally(1, 1, 0, 4, 0, 0, 0, 2));
            assertThat(tally.correct()).isTrue();
            assertThat(answers.requests.getFirst()).doesNotContain("Last-Event-ID");
            assertThat(answers.requests.subList(1, 3))
                    .allMatch(request -> request.contains("\r\nLast-Event-ID: 1\r\n"));
        }
    }

    @Test
    void countsWhatIsMissingTwiceOrOutOfOrder() throws Exception {
        var answer =
                OK
                        + event(0, "a", 1_000_000_005L)
                        + event(0, "a", 1_000_000_005L)
                        + event(3, "a", 1_000_000_004L)
                        + event(4, "stream.completed", 1_000_000_006L);
        try (var answers = new Answers(answer)) {
            var tally = read(answers);

            assertThat(tally).isEqualTo(new Tally(1, 1, 0, 3, 2, 1, 1, 0));
            assertThat(tally.correct()).isFalse();
        }
    }

    @Test
    void aStreamThatFailsIsNotComplete() throws Exception {
        try (var answers = new Answers(OK + event(0, "stream.failed", 1_000_000_000L))) {
            assertThat(read(answers)).isEqualTo(new Tally(1, 0, 1, 1, 0, 0, 0, 0));
        }
    }

    @Test
    void nothingLeftToReadIsTheEnd() throws Exception {
        try (var answers = new Answers("HTTP/1.1 204 No Content\r\n\r\n")) {
            assertThat(read(answers).complete()).isEqualTo(1);
        }
    }
}
