package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Random schedules of everything that can happen at once, against the plain truth: a reader that
 * asked for the events from n on gets n, n+1, … to the end, each once, with the bytes of the log.
 */
class ReaderModelTest {
    private static final int SCHEDULES = 300;
    private static final int STEPS = 400;
    private static final EdgeMetrics METRICS =
            new EdgeMetrics(new SimpleMeterRegistry(), Records.CLOCK);

    static LongStream seeds() {
        var wanted = System.getProperty("test.seed", "");
        return wanted.isEmpty()
                ? new Random().longs(SCHEDULES)
                : LongStream.of(Long.parseLong(wanted));
    }

    @ParameterizedTest(name = "-Dtest.seed={0}")
    @MethodSource("seeds")
    void everyReaderGetsEveryEventOnceInOrder(long seed) {
        new Schedule(new Random(seed)).run();
    }

    /** A stream as its writers see it. */
    private static final class Writing {
        final StreamId id;
        final List<String> truth = new ArrayList<>();
        int attempt = 1;
        boolean ended;

        Writing(StreamId id) {
            this.id = id;
        }
    }

    /** A client and what it has so far, over all its connections. */
    private static final class Following {
        final Writing writing;
        final long from;
        final List<String> got = new ArrayList<>();
        RecordingSink sink = new RecordingSink();
        Reader reader;

        Following(Writing writing, long from, Reader none) {
            this.writing = writing;
            this.from = from;
            this.reader = none;
        }
    }

    /** One random schedule. */
    private static final class Schedule {
        private final Random random;
        private final MemoryLog log;
        private final ManualExecutor executor = new ManualExecutor();
        private final Loop loop = new Loop(executor);
        private final Window window;
        private final Reader.Shared shared;
        private final List<Writing> writings = new ArrayList<>();
        private final List<Following> followings = new ArrayList<>();

        Schedule(Random random) {
            this.random = random;
            this.log = new MemoryLog(1 + random.nextInt(2_000));
            long bytes = random.nextBoolean() ? 1_000_000 : 3_000 + random.nextInt(20_000);
            this.window = new Window(1, Duration.ZERO, bytes, 100, Records.CLOCK, METRICS);
            var manners = new Manners(Duration.ofMillis(1), Duration.ofMillis(1), random);
            this.shared = new Reader.Shared(window, log, manners, METRICS, Records.CLOCK, _ -> {});
        }

        void run() {
            /* An edge that was started in the middle met no stream's beginning but the new ones'. */
            boolean late = random.nextBoolean();
            for (int i = 0; i < 3; i++) {
                boolean old = late || random.nextBoolean();
                writings.add(new Writing(old ? Records.oldId(i) : Records.id(i)));
            }
            if (late) {
                for (int i = 0; i < 40; i++) {
                    append(anyWriting());
                }
                log.startTailAtEnd(window);
            }
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            finish();
            followings.forEach(Schedule::check);
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> append(anyWriting());
                case 4, 5 -> log.tailOne(window);
                case 6 -> log.readOne();
                case 7, 8 -> executor.runOne();
                case 9 -> follow(anyWriting());
                case 10 -> disturb();
                default -> takeSome();
            }
        }

        private Writing anyWriting() {
            return writings.get(random.nextInt(writings.size()));
        }

        private void append(Writing writing) {
            if (writing.attempt > 1 && random.nextInt(4) == 0) {
                zombie(writing);
            } else if (!writing.ended && random.nextInt(12) == 0) {
                writing.attempt++;
                log.append(new EventRecord.Fence(writing.id, writing.attempt));
            } else if (!writing.ended) {
                genuine(writing);
            }
        }

        private void zombie(Writing writing) {
            long sequence = Math.max(0, writing.truth.size() - 2 + random.nextInt(4));
            int attempt = 1 + random.nextInt(writing.attempt - 1);
            log.append(
                    random.nextInt(5) == 0
                            ? Records.terminal(writing.id, attempt, sequence)
                            : Records.delta(writing.id, attempt, sequence));
        }

        private void genuine(Writing writing) {
            long sequence = writing.truth.size();
            writing.ended = random.nextInt(60) == 0;
            var entry =
                    writing.ended
                            ? Records.terminal(writing.id, writing.attempt, sequence)
                            : Records.delta(writing.id, writing.attempt, sequence);
            log.append(entry);
            writing.truth.add(
                    StandardCharsets.UTF_8
                            .decode(FrameEncoder.encode(entry, 0, 0).bytes())
                            .toString());
        }

        private void follow(Writing writing) {
            if (writing.truth.isEmpty()) {
                return;
            }
            long from = random.nextInt(writing.truth.size());
            var sink = new RecordingSink();
            var following =
                    new Following(writing, from, new Reader(writing.id, from, loop, sink, shared));
            following.sink = sink;
            followings.add(following);
            sink.slow = random.nextBoolean();
            following.reader.start();
        }

        private void disturb() {
            if (followings.isEmpty()) {
                return;
            }
            var following = followings.get(random.nextInt(followings.size()));
            switch (random.nextInt(5)) {
                case 0 -> following.reader.heartbeat();
                case 1 -> window.forgetPartition(0);
                case 2 -> reconnect(following, true);
                case 3 -> reconnect(following, false);
                default -> following.sink.slow = !following.sink.slow;
            }
        }

        /* A client whose connection is cut, or that was sent away, asks for what it does not have. */
        private void reconnect(Following following, boolean cut) {
            if (cut) {
                following.reader.disconnected();
            } else {
                following.reader.drain();
                settle(following);
            }
            following.got.addAll(following.sink.frames);
            following.sink = new RecordingSink();
            if (following.from + following.got.size() < following.writing.truth.size()) {
                following.reader =
                        new Reader(
                                following.writing.id,
                                following.from + following.got.size(),
                                loop,
                                following.sink,
                                shared);
                following.reader.start();
            }
        }

        private void takeSome() {
            for (var following : followings) {
                if (random.nextBoolean() && following.sink.take()) {
                    following.reader.writable();
                }
            }
        }

        private static void settle(Following following) {
            while (following.sink.take()) {
                following.reader.writable();
            }
        }

        private void finish() {
            for (var writing : writings) {
                while (!writing.ended) {
                    genuine(writing);
                }
            }
            runDry();
            followings.forEach(following -> reconnect(following, true));
            runDry();
        }

        private void runDry() {
            boolean busy = true;
            while (busy) {
                busy = log.tailOne(window);
                busy |= executor.runOne();
                busy |= log.readOne();
                for (var following : followings) {
                    if (following.sink.take()) {
                        following.reader.writable();
                        busy = true;
                    }
                }
            }
        }

        private static void check(Following following) {
            assertThat(following.sink.refusal).isNull();
            following.got.addAll(following.sink.frames);
            assertThat(following.got)
                    .isEqualTo(
                            following.writing.truth.subList(
                                    (int) following.from, following.writing.truth.size()));
        }
    }
}
