package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.IngestConfig;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads the commands of the partitions that are ours and keeps what the log has to know of us: how
 * far we have come, and what we vouch for.
 *
 * <pre>
 *   poll --record--&gt; OwnedPartition --start--&gt; StreamRun (virtual thread) --events--&gt; Kafka
 *    ^                     |  ^                      |
 *    |                     |  +----inbox: finished---+
 *    +------watermark------+----vouched--&gt; LeaseKeeper (thread of its own) --leases--&gt; Kafka
 * </pre>
 *
 * <p>One thread runs the loop and owns the consumer and the partitions; it never waits for a stream
 * but when the worker stops. It does wait for brokers, within a rebalance for longer than a lease
 * holds: so leases are written by another thread, and all that the two share is what is vouched
 * for. Others reach the loop through its inbox, whose length is bounded by the streams and
 * takeovers in flight.
 *
 * <p>A step that Kafka does not answer is left to the next turn, and the steps behind it are made:
 * one partition that is not to be reached holds no other up for more than a moment.
 */
public final class CommandLoop implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CommandLoop.class);

    /** Longest wait for commands: how late the inbox and the wish to stop are seen at most. */
    private static final Duration POLL = Duration.ofMillis(50);

    /** Longest wait of one turn for where partitions are read; the next one asks again. */
    private static final Duration POSITIONS_MAX = Duration.ofMillis(500);

    /** Longest wait of one turn for whether a partition is ours; the same. */
    private static final Duration CONFIRMATION_MAX = Duration.ofSeconds(1);

    /** Of the time that starting may take, the part in which claims are waited for: a quarter. */
    private static final int CLAIMS_SHARE = 4;

    /** Longest wait of one turn for the last leases of partitions that we claim again. */
    private static final Duration LAST_LEASES_MAX = Duration.ofSeconds(1);

    private static final Duration CONSUMER_CLOSE_MAX = Duration.ofSeconds(5);

    private enum Stop {
        NO,
        DRAIN,
        KILL
    }

    private final IngestConfig config;
    private final Consumer<byte[], byte[]> consumer;
    private final String topicName;
    private final StreamLauncher launcher;
    private final LeaseKeeper leases;
    private final Watermarks watermarks;
    private final Departures departures;
    private final DeadLetters letters;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Map<Integer, OwnedPartition> owned = new HashMap<>();
    /* Ours, paused, and not looked into yet. */
    private final Set<TopicPartition> strangers = new HashSet<>();
    /* There was an assignment, be it of nothing. */
    private final CountDownLatch assigned = new CountDownLatch(1);
    private final CountDownLatch claimed = new CountDownLatch(1);
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    /* Written by whoever stops the loop. */
    private volatile Stop stop = Stop.NO;
    /* Written before it is told to drain. */
    private volatile @Nullable Closing closing;
    /* Until when the claims of the first assignment are waited for, once there was one. */
    private long claimsBy;

    CommandLoop(
            IngestConfig config,
            Consumer<byte[], byte[]> consumer,
            Supplier<Consumer<byte[], byte[]>> readers,
            StreamServices services,
            DeadLetters letters,
            InstantSource clock) {
        this.config = config;
        this.consumer = consumer;
        this.topicName = config.topics().commands().name();
        this.launcher = new StreamLauncher(services, inbox::add, config.limits().streamsMax());
        this.leases =
                new LeaseKeeper(
                        services.commands(), topicName, config.workerId(), config.timings(), clock);
        this.watermarks = new Watermarks(consumer, topicName, config.timings().commitInterval());
        this.departures = new Departures(readers, topicName, config.timings().retry());
        this.letters = letters;
    }

    /** Completes when the loop has ended; exceptionally if it ended by itself. */
    public CompletableFuture<Void> stopped() {
        return stopped.copy();
    }

    /**
     * Waits for the first assignment, which may be of no partition at all, and for the claims of
     * what was assigned; for those only for a moment, for a partition that is not to be reached
     * keeps the others from nothing.
     *
     * @return false if no assignment came in that time
     */
    public boolean awaitAssigned(Duration longest) throws InterruptedException {
        if (!assigned.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        boolean _ = claimed.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    /**
     * Makes the loop end: in-flight streams get their time to drain, then are ended.
     *
     * @param time how long that may take; the first one counts
     */
    public void drain(Closing time) {
        if (stop == Stop.NO) {
            closing = time;
            stop = Stop.DRAIN;
        }
    }

    /** Makes the loop end as if the process died: nothing more is written or committed by it. */
    public void kill() {
        stop = Stop.KILL;
        leases.close();
    }

    @Override
    public void run() {
        try {
            Thread.ofPlatform().name("tidemark-ingest-leases").daemon().start(leases);
            consumer.subscribe(List.of(topicName), new Rebalance());
            while (stop == Stop.NO) {
                turn();
            }
            leave();
            stopped.complete(null);
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            assigned.countDown();
            claimed.countDown();
            leases.close();
            closeConsumer();
        }
    }

    private void fail(Throwable e) {
        LOGGER.atError()
                .addKeyValue("error", e.getClass().getName())
                .setCause(Redacted.of(e))
                .log("worker lost its group, streams are left to the next owner");
        try {
            abandonAll();
        } finally {
            stopped.completeExceptionally(e);
        }
    }

    private void turn() {
        readInbox();
        tellWhenClaimed();
        pauseAndResume();
        long deadline = System.nanoTime() + POSITIONS_MAX.toNanos();
        adopt(deadline);
        read();
        settle();
        for (var owner : owned.values()) {
            if (owner.awaitsPosition()) {
                position(of(owner), deadline).ifPresent(owner::reached);
            }
            owner.tend();
        }
        departures.turn(Duration.ZERO);
        watermarks.commitWhenDue(owned.values());
    }

    private void read() {
        try {
            var records = consumer.poll(POLL);
            records.partitions().forEach(partition -> take(partition, records.records(partition)));
        } catch (RetriableException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("cannot read commands");
            LockSupport.parkNanos(POLL.toNanos()); // it may have failed at once
        }
    }

    /*
     * Where a partition is read next. The consumer asks for all of its partitions at once, so what
     * is known of the others is known without a wait.
     */
    private OptionalLong position(TopicPartition partition, long deadline) {
        var left = until(deadline);
        try {
            return OptionalLong.of(consumer.position(partition, left));
        } catch (RetriableException e) {
            /* The one that was waited for tells it for those behind it. */
            LOGGER.atLevel(left.isZero() ? Level.DEBUG : Level.WARN)
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("error", e.toString())
                    .log("cannot tell where a partition is read");
            return OptionalLong.empty();
        }
    }

    /* What is started from now on is behind our claims, so it is begun and not taken over. */
    private void tellWhenClaimed() {
        if (assigned.getCount() > 0 || claimed.getCount() == 0) {
            return;
        }
        var missing = unclaimed();
        if (missing.isEmpty()) {
            claimed.countDown();
        } else if (System.nanoTime() - claimsBy > 0) {
            missing.forEach(partition ->
                    LOGGER.atWarn()
                            .addKeyValue("partition", partition)
                            .log("partition is not claimed yet, going on with the others"));
            claimed.countDown();
        }
    }

    private List<Integer> unclaimed() {
        return Stream.concat(
                        strangers.stream().map(TopicPartition::partition),
                        owned.values().stream()
                                .filter(OwnedPartition::isClaiming)
                                .map(OwnedPartition::partition))
                .sorted()
                .toList();
    }

    /* Done here and not in the listener, where a broker that is slow to answer would be fatal. */
    private void adopt(long deadline) {
        for (var partition : List.copyOf(strangers)) {
            position(partition, deadline).ifPresent(from -> adopt(partition, from));
        }
    }

    /* It stays paused until its claim is in the log. */
    private void adopt(TopicPartition partition, long from) {
        int number = partition.partition();
        var owner =
                new OwnedPartition(
                        number,
                        from,
                        config.limits(),
                        launcher,
                        intake(number),
                        streams(number),
                        offset -> consumer.seek(partition, offset));
        owned.put(number, owner);
        owner.claim();
        strangers.remove(partition);
    }

    private PartitionStreams streams(int partition) {
        return new PartitionStreams(
                launcher,
                new Presences(config.timings().disconnectGrace()),
                leases.vouch(partition),
                config.limits().idsRememberedMax());
    }

    private Intake intake(int partition) {
        return new Intake(partition, config.timings().clockSkew(), letters.source());
    }

    /*
     * Whoever claimed after us is the owner, or was it and has not noticed. The group refuses the
     * commit of who is not its member any more, and gives no partition away before that. If it is
     * ours still, it is handed over to ourselves: claimed anew, while streams in flight go on.
     */
    private void settle() {
        var ours = new ArrayList<OwnedPartition>();
        try {
            outranked().stream().filter(this::confirmed).forEach(ours::add);
        } catch (RebalanceInProgressException | RetriableException e) {
            /* Of the one coordinator, which would not answer for the rest either. */
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("cannot tell what is ours");
        }
        if (!ours.isEmpty()) {
            claimAgain(ours);
        }
    }

    private boolean confirmed(OwnedPartition owner) {
        try {
            watermarks.confirm(owner, CONFIRMATION_MAX);
            return true;
        } catch (CommitFailedException e) {
            LOGGER.atWarn().addKeyValue("partition", owner.partition()).log("partition was lost");
            abandon(List.of(owner));
            consumer.pause(List.of(of(owner)));
            return false;
        }
    }

    /* The next lease is written in time, so this one is worth no more than a moment of all others. */
    private void claimAgain(List<OwnedPartition> owners) {
        var from = new HashMap<TopicPartition, Long>();
        for (var owner : owners) {
            LOGGER.atWarn()
                    .addKeyValue("partition", owner.partition())
                    .log("partition is ours and was claimed by another, claiming it again");
            from.put(of(owner), owner.watermark());
        }
        letGo(owners, LAST_LEASES_MAX);
        consumer.pause(from.keySet());
        from.forEach(consumer::seek);
        strangers.addAll(from.keySet());
    }

    private void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        var owner = owned.get(partition.partition());
        for (var record : records) {
            if (owner == null) {
                consumer.seek(partition, record.offset());
                return;
            }
            if (!owner.take(record)) {
                return;
            }
        }
    }

    private List<OwnedPartition> outranked() {
        return owned.values().stream().filter(OwnedPartition::isOutranked).toList();
    }

    private void readInbox() {
        for (var told = inbox.poll(); told != null; told = inbox.poll()) {
            told.run();
        }
    }

    private void pauseAndResume() {
        var pause = new ArrayList<TopicPartition>();
        var resume = new ArrayList<TopicPartition>();
        for (var owner : owned.values()) {
            (owner.paused() ? pause : resume).add(of(owner));
        }
        consumer.pause(pause);
        consumer.resume(resume);
    }

    private TopicPartition of(OwnedPartition owner) {
        return new TopicPartition(topicName, owner.partition());
    }

    /* Hands everything over, and goes on with what is in flight while there is time. */
    private void leave() {
        if (stop == Stop.KILL) {
            abandonAll();
            return;
        }
        var time = requireNonNull(closing, "closing");
        letGo(List.copyOf(owned.values()), handOverMax());
        leaveGroup(time);
        LOGGER.atInfo().addKeyValue("streams", inFlight().size()).log("worker drains");
        while (!departures.isEmpty() && stop == Stop.DRAIN && time.drains()) {
            readInbox();
            departures.turn(POLL);
        }
        if (stop == Stop.KILL) {
            abandonAll();
            return;
        }
        inFlight().forEach(StreamRun::abort);
        awaitRuns(time.endingLeft());
        abandonAll();
    }

    /*
     * What is in flight stays ours, by a lease that whoever owns the partition next will read; the
     * watermark tells where to begin. If the lease is not written in time the streams go on all the
     * same: it may be written before the next owner looks, and whom it fences we see.
     */
    private void letGo(Collection<OwnedPartition> partitions, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        readInbox();
        partitions.forEach(OwnedPartition::release);
        var last = partitions.stream().map(OwnedPartition::vouched).toList();
        if (!leases.writeNow(last, until(deadline))) {
            LOGGER.atWarn()
                    .addKeyValue("partitions", partitions.size())
                    .log("let go without a lease, streams may be taken over");
        }
        watermarks.commitNow(partitions, until(deadline));
        for (var owner : partitions) {
            forget(owner);
            departures.add(owner.depart());
        }
    }

    private Duration handOverMax() {
        var time = closing;
        var longest = config.timings().revoke();
        return time == null ? longest : shorter(longest, time.handOverLeft());
    }

    private static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void abandonAll() {
        abandon(List.copyOf(owned.values()));
        departures.abandon();
    }

    private void abandon(Collection<OwnedPartition> partitions) {
        for (var owner : partitions) {
            owner.abandon();
            forget(owner);
        }
    }

    private void forget(OwnedPartition owner) {
        if (owned.remove(owner.partition(), owner)) {
            watermarks.forget(owner.partition());
        }
    }

    /* Of partitions that were let go. */
    private List<StreamRun> inFlight() {
        return departures.partitions().stream()
                .flatMap(gone -> gone.streams().runs().stream())
                .toList();
    }

    private void awaitRuns(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            for (var run : inFlight()) {
                boolean over = run.awaitOver(Duration.ofNanos(deadline - System.nanoTime()));
                if (!over) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        readInbox();
    }

    /* As a member with a name it would keep its partitions until its session is over. */
    private void leaveGroup(Closing time) {
        close(
                CloseOptions.timeout(shorter(CONSUMER_CLOSE_MAX, time.handOverLeft()))
                        .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }

    private void closeConsumer() {
        var time = closing;
        var longest = stop == Stop.KILL ? Duration.ZERO : CONSUMER_CLOSE_MAX;
        close(CloseOptions.timeout(time == null ? longest : shorter(longest, time.loopLeft())));
    }

    private void close(CloseOptions how) {
        try {
            consumer.close(how);
        } catch (KafkaException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("consumer did not close");
        }
    }

    /** Runs within poll, on the loop's thread. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            strangers.addAll(partitions);
            consumer.pause(partitions);
            LOGGER.atInfo().addKeyValue("partitions", partitions.size()).log("partitions assigned");
            if (assigned.getCount() > 0) {
                claimsBy = System.nanoTime() + config.timings().start().toNanos() / CLAIMS_SHARE;
                assigned.countDown();
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(strangers::remove);
            letGo(ownersOf(partitions), handOverMax());
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(strangers::remove);
            abandon(ownersOf(partitions));
        }

        private List<OwnedPartition> ownersOf(Collection<TopicPartition> partitions) {
            return partitions.stream()
                    .map(partition -> owned.get(partition.partition()))
                    .filter(Objects::nonNull)
                    .toList();
        }
    }
}
