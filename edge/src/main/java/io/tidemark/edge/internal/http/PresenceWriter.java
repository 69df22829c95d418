package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Attendance;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Tells whoever writes a stream how many readers it has here, if that matters to it (section 7.8 of
 * the protocol): one to two tenths of an interval after the first reader came or the last one left,
 * and in every interval while there are readers. Each word holds for three intervals, so that an
 * edge that dies counts as gone. Of a stream that no reader has seen an event of it is not known
 * whether it matters; then it is told.
 *
 * <p>Bounded by the streams that may be read at once, and as many that were: of more, those without
 * readers are forgotten, since what was said of them lapses by itself. What Kafka does not take is
 * said again at the next turn, and no more than {@link #WRITES_MAX} words of a partition wait for
 * it at a time, but for the last ones. A partition that is slow to take its words has its next turn
 * when it has taken them, and no other waits for it.
 *
 * <p>Thread-safe. Readers only count; a thread of its own writes.
 */
public final class PresenceWriter implements Attendance, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PresenceWriter.class);

    /** Most commands on their way to a partition at once. */
    static final int WRITES_MAX = 256;

    private static final int INTERVALS_VALID = 3;
    private static final int SETTLES_PER_INTERVAL = 10;
    private static final Duration GOODBYE_MAX = Duration.ofSeconds(2);

    private final CommandWriter commands;
    private final String edge;
    private final Duration interval;
    private final int streamsMax;
    private final Duration goodbyeMax;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<StreamId, Readership> streams = new ConcurrentHashMap<>();
    private final ExecutorService writing = Executors.newVirtualThreadPerTaskExecutor();
    /* Partitions that are being told. */
    private final Set<Integer> underWay = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stop = new CountDownLatch(1);
    /* Written by whoever starts it, before anybody else has it. */
    private @Nullable Thread thread;

    /**
     * A writer that writes nothing by itself yet.
     *
     * @param edge name of this edge, of no other and of none before it
     * @param interval how often it repeats itself
     * @param readersMax most readers that there may be
     * @param goodbyeMax longest time that it takes to say that it stops
     */
    PresenceWriter(
            CommandWriter commands,
            String edge,
            Duration interval,
            int readersMax,
            Duration goodbyeMax,
            InstantSource clock,
            LongSupplier nanos) {
        this.commands = commands;
        this.edge = edge;
        this.interval = interval;
        this.streamsMax = 2 * readersMax;
        this.goodbyeMax = goodbyeMax;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Starts to write.
     *
     * @param edge name of this edge, of no other and of none before it
     * @param interval how often it repeats itself
     * @param readersMax most readers that there may be
     */
    public static PresenceWriter start(
            CommandWriter commands,
            String edge,
            Duration interval,
            int readersMax,
            InstantSource clock) {
        return start(commands, edge, interval, readersMax, GOODBYE_MAX, clock);
    }

    /** Starts one that takes this long, and as long again, to say goodbye. */
    static PresenceWriter start(
            CommandWriter commands,
            String edge,
            Duration interval,
            int readersMax,
            Duration goodbyeMax,
            InstantSource clock) {
        var writer =
                new PresenceWriter(
                        commands, edge, interval, readersMax, goodbyeMax, clock, System::nanoTime);
        writer.thread = Thread.ofVirtual().name("tidemark-edge-presence").start(writer::run);
        return writer;
    }

    @Override
    public void came(StreamId id) {
        long now = nanos.getAsLong();
        if (streams.size() >= streamsMax) {
            streams.values().removeIf(readership -> readership.readers() == 0);
        }
        streams.compute(id, (_, known) -> known == null ? Readership.first(now) : known.came(now));
    }

    @Override
    public void learnt(StreamId id, boolean matters) {
        streams.computeIfPresent(id, (_, known) -> unlessOver(known.learnt(matters)));
    }

    @Override
    public void ended(StreamId id) {
        streams.remove(id);
    }

    @Override
    public void left(StreamId id) {
        long now = nanos.getAsLong();
        streams.computeIfPresent(id, (_, known) -> unlessOver(known.left(now)));
    }

    private static @Nullable Readership unlessOver(Readership readership) {
        return readership.over() ? null : readership;
    }

    private void run() {
        try {
            while (!stop.await(settle().toNanos(), TimeUnit.NANOSECONDS)) {
                var _ = turn();
            }
            sayGoodbye();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().log("presence writer was stopped while it waited for Kafka");
        }
    }

    private Duration settle() {
        return interval.dividedBy(SETTLES_PER_INTERVAL);
    }

    /**
     * Begins to say what is due, but for partitions whose words of an earlier turn are still on
     * their way.
     *
     * @return done when all of it was said, or was not taken
     */
    CompletableFuture<Void> turn() {
        long now = nanos.getAsLong();
        var due = new ArrayList<StreamId>();
        streams.forEach((id, readership) -> {
            if (readership.due(now, settle().toNanos(), interval.toNanos())) {
                due.add(id);
            }
        });
        var turns = new ArrayList<CompletableFuture<Void>>();
        due.stream()
                .collect(Collectors.groupingBy(StreamId::partition))
                .forEach((partition, ids) -> {
                    if (underWay.add(partition)) {
                        turns.add(
                                CompletableFuture.runAsync(() -> tellAll(partition, ids), writing));
                    }
                });
        return CompletableFuture.allOf(turns.toArray(CompletableFuture<?>[]::new));
    }

    private void tellAll(int partition, List<StreamId> due) {
        try {
            boolean taken = true;
            for (int from = 0; taken && from < due.size(); from += WRITES_MAX) {
                var some = due.subList(from, Math.min(due.size(), from + WRITES_MAX));
                var told = writing.invokeAll(some.stream().map(this::telling).toList());
                taken = told.stream().allMatch(Future::resultNow);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.remove(partition);
        }
    }

    private Callable<Boolean> telling(StreamId id) {
        return () -> {
            var readership = streams.get(id);
            return readership == null || tell(id, readership.readers());
        };
    }

    private boolean tell(StreamId id, int readers) {
        long now = nanos.getAsLong();
        var valid = readers == 0 ? null : interval.multipliedBy(INTERVALS_VALID).toMillis();
        var word = new Command.Presence(id, clock.millis(), edge, readers, valid);
        boolean told = acknowledged(word);
        if (told) {
            streams.computeIfPresent(id, (_, known) -> unlessOver(known.told(readers, now)));
        }
        return told;
    }

    /* A producer that cannot even be made is a word that was not taken, and no more than that. */
    private boolean acknowledged(Command.Presence word) {
        try {
            return commands.write(word) == CommandWriter.Outcome.ACKNOWLEDGED;
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("streamId", word.requestId())
                    .addKeyValue("error", e.toString())
                    .log("readers not told of");
            return false;
        }
    }

    /* Whoever is still here is sent away by now; what cannot be said in time lapses. */
    private void sayGoodbye() throws InterruptedException {
        List<Callable<Boolean>> goodbyes =
                streams.entrySet().stream()
                        .filter(known -> !known.getValue().ordinary())
                        .map(known -> (Callable<Boolean>) () -> tell(known.getKey(), 0))
                        .toList();
        writing.invokeAll(goodbyes, goodbyeMax.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Says that nobody reads here any more, if Kafka takes it soon, and stops. */
    @Override
    public void close() {
        stop.countDown();
        try {
            var running = thread;
            if (running != null && !running.join(goodbyeMax.multipliedBy(2))) {
                LOGGER.atWarn().log("presence writer did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writing.shutdownNow();
    }

    /** Streams that are remembered. */
    int size() {
        return streams.size();
    }
}
