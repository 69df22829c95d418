package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.standalone.client.EventStream;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.HasOwnKafka;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Two edges behind a proxy are replaced one after the other while 500 readers follow streams. */
@HasOwnKafka(because = "the node under test starts it")
class EdgeReplacementIT {
    private static final String DIALECT = "openai.responses";
    private static final int READERS = 500;
    private static final int STREAMS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /* A token every 500 ms, until it is cancelled. */
    private static final Map<String, String> ENDLESS =
            Map.of("sim_ttft_ms", "0", "sim_token_ms", "500", "sim_tokens", "200000");

    @TempDir private Path data;
    @TempDir private Path proxy;

    private final ShutdownStack stack = new ShutdownStack();
    private final AtomicInteger following = new AtomicInteger();
    private final AtomicInteger returns = new AtomicInteger();
    private final Histogram awayMs = new ConcurrentHistogram(3);
    private final Histogram overMs = new ConcurrentHistogram(3);
    private String kafka = "";

    @BeforeAll
    static void letExceptionsBe() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @Test
    void noReaderNoticesThatBothEdgesAreReplaced() throws Exception {
        var nginx = Nginx.executable();
        if (nginx.isEmpty()) {
            System.out.println("SKIPPED: EdgeReplacementIT: apt-get install nginx-light");
        }
        assumeTrue(nginx.isPresent(), "no nginx");
        try (stack) {
            kafka = "kafka.bootstrap-servers=127.0.0.1:" + FreePort.find();
            var system = new TestSystem(data, kafka);
            stack.push("system", system);
            var edges = new ArrayList<>(List.of(edge(FreePort.find()), edge(FreePort.find())));
            var addresses = edges.stream().map(SystemProcess::address).toArray(URI[]::new);
            var balancer = stack.push("nginx", Nginx.start(nginx.get(), proxy, addresses));
            var client = stack.push("client", new TidemarkClient(balancer.address()));
            var ids = started(client);

            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var readers = new ArrayList<CompletableFuture<TextAssembly>>();
                for (int i = 0; i < READERS; i++) {
                    var id = ids.get(i % STREAMS);
                    readers.add(new Following(client, id, threads).start());
                }
                awaitAllFollow(readers);
                for (var edge : edges) {
                    assertThat(edge.stop()).isZero();
                    awaitAllFollow(readers);
                    edge(edge.address().getPort());
                }
                for (var id : ids) {
                    client.cancel(id);
                }
                for (int i = 0; i < READERS; i++) {
                    var log = Followed.whole(client, ids.get(i % STREAMS));
                    assertThat(readers.get(i).get().events()).isEqualTo(log);
                }
            }
            assertThat(returns.get()).isGreaterThanOrEqualTo(READERS);
            System.out.printf(
                    "edges replaced: %d readers, %d returns, each event once; away for p50 %d ms,"
                            + " p99 %d ms, at most %d ms; longer than told by p50 %d ms, p99 %d"
                            + " ms%n",
                    READERS,
                    returns.get(),
                    awayMs.getValueAtPercentile(50),
                    awayMs.getValueAtPercentile(99),
                    awayMs.getMaxValue(),
                    overMs.getValueAtPercentile(50),
                    overMs.getValueAtPercentile(99));
        }
    }

    private SystemProcess edge(int port) throws Exception {
        var edge = SystemProcess.start("edge", List.of(kafka, "edge.port=" + port));
        return stack.push("edge", edge);
    }

    private static List<String> started(TidemarkClient client) throws Exception {
        var ids = new ArrayList<String>();
        for (int i = 0; i < STREAMS; i++) {
            ids.add(client.start(DIALECT, TestSystem.request("sim-long", ENDLESS)));
        }
        return ids;
    }

    private void awaitAllFollow(List<CompletableFuture<TextAssembly>> readers) {
        await().atMost(PATIENCE)
                .failFast(
                        "a reader has ended",
                        () -> assertThat(readers).noneMatch(CompletableFuture::isDone))
                .untilAsserted(() -> assertThat(following.get()).isEqualTo(READERS));
    }

    /** One reader over all its connections, which comes back when it was told to, as a browser. */
    private final class Following {
        private final TidemarkClient client;
        private final String id;
        private final Executor threads;
        private final TextAssembly assembly = new TextAssembly();
        private final CompletableFuture<TextAssembly> ended = new CompletableFuture<>();
        private long left;
        private Duration told = Duration.ZERO;

        Following(TidemarkClient client, String id, Executor threads) {
            this.client = client;
            this.id = id;
            this.threads = threads;
        }

        CompletableFuture<TextAssembly> start() {
            threads.execute(this::connect);
            return ended;
        }

        private void connect() {
            try (var events = client.events(id, Followed.behind(assembly))) {
                if (left != 0) {
                    returned();
                }
                take(events, assembly);
                left = System.nanoTime();
                told = events.retry();
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                ended.completeExceptionally(e);
                return;
            }
            if (assembly.ended()) {
                ended.complete(assembly);
            } else {
                CompletableFuture.delayedExecutor(told.toMillis(), TimeUnit.MILLISECONDS, threads)
                        .execute(this::connect);
            }
        }

        private void returned() {
            var away = Duration.ofNanos(System.nanoTime() - left);
            awayMs.recordValue(away.toMillis());
            overMs.recordValue(Math.max(0, away.minus(told).toMillis()));
            returns.incrementAndGet();
        }
    }

    private void take(EventStream events, TextAssembly assembly) throws IOException {
        following.incrementAndGet();
        try {
            for (var event = events.next(); event.isPresent(); event = events.next()) {
                assembly.add(event.get());
            }
        } finally {
            following.decrementAndGet();
        }
    }
}
