package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.devkit.FaultProxy;
import io.tidemark.devkit.FaultProxy.Cut;
import io.tidemark.standalone.client.ReceivedEvent;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.HasOwnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Clients that others wrote hold exactly the log's events, wherever their connections are cut; and
 * behind a proxy as it comes.
 */
@HasOwnKafka(because = "the node under test starts it")
class ForeignClientsIT {
    private static final String DIALECT = "openai.responses";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int STREAMS = 4;

    /** Of each client's connections, at least. */
    private static final int CUTS = 100;

    /* A connection brings half of that on average, which has to be much less than a stream. */
    private static final int BYTES_MAX = 6_000;

    /** A response's head, generously. */
    private static final int HEAD_BYTES_MAX = 1_000;

    /* A token every 5 ms for 3 s, and so there is something to catch up with as well. */
    private static final Map<String, String> LONG =
            Map.of("sim_ttft_ms", "0", "sim_token_ms", "5", "sim_tokens", "600");

    private static final Map<String, String> NEVER_ENDING =
            Map.of("sim_ttft_ms", "0", "sim_token_ms", "60000", "sim_tokens", "600");

    private static TestSystem system;
    private static TidemarkClient client;
    private static URI edge;
    private static Path scratch;
    private static Optional<Nginx> nginx;

    @BeforeAll
    static void start(@TempDir Path data, @TempDir Path directory) throws Exception {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        scratch = directory;
        system = new TestSystem(data, "edge.retry=10ms");
        edge = system.edge();
        client = new TidemarkClient(edge);
        nginx = behindNginx();
    }

    private static Optional<Nginx> behindNginx() throws Exception {
        var executable = Nginx.executable();
        if (executable.isEmpty()) {
            System.out.println(
                    "SKIPPED: ForeignClientsIT behind nginx: apt-get install nginx-light");
            return Optional.empty();
        }
        return Optional.of(
                Nginx.start(executable.get(), Files.createTempDirectory(scratch, "nginx"), edge));
    }

    @AfterAll
    static void stop() {
        nginx.ifPresent(Nginx::close);
        client.close();
        system.close();
    }

    @ParameterizedTest
    @EnumSource
    void holdsExactlyTheLogsEventsHoweverOftenItIsCutOff(ForeignClient foreign) throws Exception {
        cutOff(foreign, edge.getPort());
    }

    @ParameterizedTest
    @EnumSource
    void holdsThemBehindNginxToo(ForeignClient foreign) throws Exception {
        assumeTrue(nginx.isPresent(), "no nginx");
        cutOff(foreign, nginx.get().port());
    }

    private static void cutOff(ForeignClient foreign, int port) throws Exception {
        if (foreign.executable().isEmpty()) {
            System.out.println(
                    "SKIPPED: ForeignClientsIT with " + foreign + ": " + foreign.installation());
        }
        assumeTrue(foreign.executable().isPresent(), "no " + foreign);
        var ids = new ArrayList<String>();
        for (int i = 0; i < STREAMS; i++) {
            ids.add(client.start(DIALECT, TestSystem.request("sim-unicode", LONG)));
        }
        try (var proxy = FaultProxy.start("127.0.0.1", port)) {
            plan(proxy, foreign);
            var seenBy = URI.create("http://127.0.0.1:" + proxy.port());
            var directory = Files.createTempDirectory(scratch, "client");
            try (var readers = foreign.open(directory, seenBy, ids)) {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(200))
                        .untilAsserted(() ->
                                assertThat(readers.received()).allMatch(ForeignClientsIT::ended));
                assertEachHasItsStream(ids, readers.received());
            }
            /* Of each reader one that ended with its stream, and one that was told so. */
            assertThat(proxy.acceptedConnections() - 2 * STREAMS).isGreaterThanOrEqualTo(CUTS);
        }
    }

    private static void plan(FaultProxy proxy, ForeignClient foreign) {
        var random = new Random(foreign.name().hashCode());
        for (int i = 0; i < CUTS + CUTS / 2; i++) {
            long bytes = random.nextLong(1, BYTES_MAX);
            boolean head = bytes < HEAD_BYTES_MAX && foreign.takesHalfAHeadForAWhole();
            proxy.cutNextAfter(head || random.nextBoolean() ? Cut.RESET : Cut.CLOSE, bytes, 1);
        }
    }

    private static boolean ended(List<ReceivedEvent> events) {
        return !events.isEmpty() && events.getLast().terminal();
    }

    private static void assertEachHasItsStream(List<String> ids, List<List<ReceivedEvent>> received)
            throws Exception {
        for (int i = 0; i < STREAMS; i++) {
            assertThat(received.get(i)).isEqualTo(Followed.whole(client, ids.get(i)));
        }
    }

    @Test
    @Timeout(60)
    void nginxPassesEventsOnAsTheyCome() throws Exception {
        assumeTrue(nginx.isPresent(), "no nginx");
        var id = client.start(DIALECT, TestSystem.request("sim-long", NEVER_ENDING));
        try (var behind = new TidemarkClient(nginx.get().address());
                var events = behind.events(id, OptionalLong.empty())) {
            assertThat(events.next()).isPresent();

            client.cancel(id);
            var last = events.next();
            while (!last.orElseThrow().terminal()) {
                last = events.next();
            }
        }
    }
}
