package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.Seeds;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.AfterAll;
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
 * asked for the events from n on gets n, n+1, … to the end, each once, with the bytes of the log. A
 * hole that nobody mended is left out, and the reader is told where it ends.
 */
class ReaderModelTest {
    private static final int SCHEDULES = 2_000;
    private static final int STEPS = 400;
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final EdgeMetrics METRICS = new EdgeMetrics(METERS, Records.CLOCK);

    static LongStream seeds() {
        return Seeds.upTo(SCHEDULES);
    }

    @ParameterizedTest(name = "-Dtest.seed={0}")
    @MethodSource("seeds")
    void everyReaderGetsEveryEventOnceInOrder(long seed) {
        new Schedule(new Random(seed)).run();
    }

    /** Hundreds of schedules have had it all; one by itself may not. */
    @AfterAll
    static void nothingWasLeftUntried() {
        if (!Seeds.given()) {
            for (var counter :
                    List.of(EdgeMetrics.EVICTED, EdgeMetrics.SHORTENED, EdgeMetrics.LAPPED)) {
                assertThat(METERS.counter(counter).count()).as(counter).isPositive();
            }
        }
    }

    /** An event that counts. */
    private record Event(long sequence, String frame) {}

    /** A stream as its writers see it. */
    private static final class Writing {
        final StreamId id;
        final List<Event> truth = new ArrayList<>();

        /** What was written behind a hole that may still be mended. */
        final List<Event> tentative = new ArrayList<>();

        int attempt = 1;
        boolean mendable = true;
        boolean ended;
        long tentativeSinceMs;

        Writing(StreamId id) {
            this.id = id;
        }

        long next() {
            var newest = tentative.isEmpty() ? truth : tentative;
            return newest.isEmpty() ? 0 : newest.getLast().sequence() + 1;
        }

        List<Event> from(long sequence) {
            return truth.stream().filter(event -> event.sequence() >= sequence).toList();
        }
    }

    /** A client and what it has so far, over all its connections. */
    private static final class Following {
        final Writing writing;
        final long from;
        final List<String> got = new ArrayList<>();
        long next;
        RecordingSink sink = new RecordingSink();
        Reader reader;

        Following(Writing writing, long from, Reader none) {
            this.writing = writing;
            this.from = from;
            this.next = from;
            this.reader = none;
        }

        /** What a client does with what its last connection brought. */
        void takeIn() {
            got.addAll(sink.frames);
            if (!sink.sequences.isEmpty()) {
                next = sink.sequences.getLast() + 1;
            }
            if (sink.refusal instanceof Refusal.Missing(long earliest)) {
                next = earliest;
            } else {
                assertThat(sink.refusal).isIn(null, new Refusal.Draining());
            }
            sink = new RecordingSink();
        }
    }

    /** One random schedule. */
    private static final class Schedule {
        private final Random random;
        private final ManualClock clock = new ManualClock();
        private final MemoryLog log;
        private final ManualExecutor executor = new ManualExecutor();
        private final Loop loop = new Loop(executor);
        private final Window window;
        private final SparseIndex index;
        private final Reader.Shared shared;
        private final List<Writing> writings = new ArrayList<>();
        private final List<Following> followings = new ArrayList<>();

        Schedule(Random random) {
            this.random = random;
            this.log = new MemoryLog(1 + random.nextInt(2_000), clock);
            long bytes = random.nextBoolean() ? 1_000_000 : 3_000 + random.nextInt(20_000);
            this.window = new Window(1, Duration.ZERO, bytes, 100, Records.CLOCK, METRICS);
            long indexBytes = random.nextBoolean() ? 1_000_000 : random.nextInt(3_000);
            this.index =
                    new SparseIndex(
                            1,
                            Duration.ZERO,
                            indexBytes,
                            1 + random.nextInt(8),
                            Records.CLOCK,
                            METRICS);
            log.indexedBy(index);
            var manners =
                    new Manners(
                            Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofDays(1), random);
            this.shared = new Reader.Shared(window, index, log, manners, METRICS, clock, _ -> {});
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
            switch (random.nextInt(13)) {
                case 0, 1, 2, 3 -> append(anyWriting());
                case 4, 5 -> log.tailOne(window);
                case 6 -> read();
                case 7, 8 -> executor.runOne();
                case 9 -> follow(anyWriting());
                case 10 -> disturb();
                case 11 -> pass(Duration.ofSeconds(random.nextInt(15)));
                default -> takeSome();
            }
        }

        /* While the log is read, others come who stand there as well. */
        private void read() {
            if (random.nextBoolean()) {
                log.meanwhile(() -> {
                    append(anyWriting());
                    follow(anyWriting());
                    follow(anyWriting());
                });
            }
            log.readOne();
        }

        private Writing anyWriting() {
            return writings.get(random.nextInt(writings.size()));
        }

        private void pass(Duration time) {
            clock.pass(time);
            for (var writing : writings) {
                long age = clock.millis() - writing.tentativeSinceMs;
                if (!writing.tentative.isEmpty() && age >= Hole.FINAL_AFTER.toMillis()) {
                    writing.truth.addAll(writing.tentative);
                    writing.tentative.clear();
                    writing.mendable = false;
                }
            }
        }

        private void append(Writing writing) {
            if (writing.attempt > 1 && random.nextInt(4) == 0) {
                zombie(writing);
            } else if (writing.mendable && !over(writing) && random.nextInt(12) == 0) {
                fence(writing);
            } else if (!over(writing)) {
                genuine(writing);
            }
        }

        /* A stream that ended behind a hole has not ended if the hole is mended. */
        private static boolean over(Writing writing) {
            return writing.ended && writing.tentative.isEmpty();
        }

        /* Whoever takes over goes on at what is missing. */
        private void fence(Writing writing) {
            writing.attempt++;
            log.append(new EventRecord.Fence(writing.id, new Attempt(0, writing.attempt)));
            if (!writing.tentative.isEmpty()) {
                writing.tentative.clear();
                writing.ended = false;
            }
        }

        private void zombie(Writing writing) {
            long sequence = Math.max(0, writing.next() - 2 + random.nextInt(4));
            int attempt = 1 + random.nextInt(writing.attempt - 1);
            log.append(
                    random.nextInt(5) == 0
                            ? Records.terminal(writing.id, attempt, sequence)
                            : Records.delta(writing.id, attempt, sequence));
        }

        private void genuine(Writing writing) {
            if (writing.ended) {
                return;
            }
            boolean tentative = !writing.tentative.isEmpty();
            boolean loses = !tentative && !writing.truth.isEmpty() && random.nextInt(30) == 0;
            long sequence = writing.next() + (loses ? 1 + random.nextInt(3) : 0);
            if (loses) {
                writing.tentativeSinceMs = clock.millis();
            }
            writing.ended = random.nextInt(60) == 0;
            var entry =
                    writing.ended
                            ? Records.terminal(writing.id, writing.attempt, sequence)
                            : Records.delta(writing.id, writing.attempt, sequence);
            log.append(entry);
            var bytes = FrameEncoder.encode(entry, 0, 0).bytes();
            var event = new Event(sequence, StandardCharsets.UTF_8.decode(bytes).toString());
            (tentative || loses ? writing.tentative : writing.truth).add(event);
        }

        private void follow(Writing writing) {
            if (writing.truth.isEmpty()) {
                return;
            }
            long from = writing.truth.get(random.nextInt(writing.truth.size())).sequence();
            var sink = new RecordingSink();
            var following =
                    new Following(
                            writing, from, new Reader(writing.id, null, from, loop, sink, shared));
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
            switch (random.nextInt(6)) {
                case 0 -> following.reader.heartbeat();
                case 1 -> window.forgetPartition(0);
                case 5 -> forget(following.writing);
                case 2 -> reconnect(following, true);
                case 3 -> reconnect(following, false);
                default -> following.sink.slow = !following.sink.slow;
            }
        }

        private void forget(Writing writing) {
            switch (random.nextInt(3)) {
                case 0 -> index.forget(writing.id);
                case 1 -> index.forgetPartition(0);
                default -> window.forgetPartition(0);
            }
        }

        /* A client whose connection is cut, or that was sent away, asks for what it does not have. */
        private void reconnect(Following following, boolean cut) {
            if (cut) {
                following.reader.disconnected();
            } else {
                following.reader.drain(1_000);
                settle(following);
            }
            following.takeIn();
            if (!following.writing.from(following.next).isEmpty()) {
                following.reader =
                        new Reader(
                                following.writing.id,
                                null,
                                following.next,
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
            pass(Hole.FINAL_AFTER);
            /* At most one connection for each hole that a reader meets, and one to learn of it. */
            for (int i = 0; i < 2 * STEPS && !followings.stream().allMatch(Schedule::done); i++) {
                runDry();
                beat();
                runDry();
                followings.stream()
                        .filter(following -> !done(following))
                        .forEach(following -> reconnect(following, true));
            }
            runDry();
        }

        private static boolean done(Following following) {
            return following.writing.from(following.next).isEmpty();
        }

        private void beat() {
            for (var following : followings) {
                following.reader.heartbeat();
                following.reader.heartbeat();
            }
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
            assertThat(following.got)
                    .isEqualTo(
                            following.writing.from(following.from).stream()
                                    .map(Event::frame)
                                    .toList());
        }
    }
}
