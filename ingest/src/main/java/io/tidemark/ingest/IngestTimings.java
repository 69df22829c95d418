package io.tidemark.ingest;

import io.tidemark.schemas.Command.Lease;

import java.time.Duration;

/**
 * How long a worker waits for what. Immutable.
 *
 * @param start longest wait, at start, for the brokers and for the first assignment of partitions;
 *     a quarter of it, after that, for their claims
 * @param leaseInterval how often a lease is written for a partition with open streams
 * @param commitInterval how often the low watermark is committed at most, when it has moved
 * @param delivery how long Kafka may take to acknowledge a record before the stream it belongs to
 *     counts as broken; also how long a full producer buffer blocks
 * @param drain how long streams in flight may run on after {@code close}; zero ends them at once
 * @param revoke longest wait, within a rebalance, for the lease that keeps the streams of a revoked
 *     partition ours
 * @param session how long the group waits for a silent worker before it gives its partitions away
 * @param clockSkew how far the clocks of brokers and edges may be apart: how much earlier than a
 *     request a read-back of its events begins
 * @param retry pause between attempts to end a stream while Kafka does not answer
 * @param disconnectGrace how long a stream that is to be cancelled on disconnect goes on without a
 *     reader
 */
public record IngestTimings(
        Duration start,
        Duration leaseInterval,
        Duration commitInterval,
        Duration delivery,
        Duration drain,
        Duration revoke,
        Duration session,
        Duration clockSkew,
        Duration retry,
        Duration disconnectGrace) {
    private static final Duration DELIVERY_CEILING = Duration.ofSeconds(30);

    private static final Duration DRAIN_CEILING = Duration.ofHours(1);

    private static final Duration DISCONNECT_GRACE_CEILING = Duration.ofDays(1);

    /* One lease may be late and one may fail without anybody taking streams over. */
    private static final int LEASE_INTERVALS_VALID = 3;

    private static final Duration LEASE_INTERVAL_CEILING =
            Lease.VALID_MAX.dividedBy(LEASE_INTERVALS_VALID);

    public IngestTimings {
        Settings.requirePositive("start", start);
        Settings.requirePositive("leaseInterval", leaseInterval);
        if (leaseInterval.compareTo(LEASE_INTERVAL_CEILING) > 0) {
            throw new IllegalArgumentException(
                    "leaseInterval must be at most %s, was %s"
                            .formatted(LEASE_INTERVAL_CEILING, leaseInterval));
        }
        Settings.requirePositive("commitInterval", commitInterval);
        Settings.requirePositive("delivery", delivery);
        if (delivery.compareTo(DELIVERY_CEILING) > 0) {
            throw new IllegalArgumentException(
                    "delivery must be at most " + DELIVERY_CEILING + ", was " + delivery);
        }
        Settings.requireNotNegative("drain", drain);
        if (drain.compareTo(DRAIN_CEILING) > 0) {
            throw new IllegalArgumentException(
                    "drain must be at most " + DRAIN_CEILING + ", was " + drain);
        }
        Settings.requirePositive("revoke", revoke);
        Settings.requirePositive("session", session);
        Settings.requireNotNegative("clockSkew", clockSkew);
        Settings.requirePositive("retry", retry);
        Settings.requirePositive("disconnectGrace", disconnectGrace);
        if (disconnectGrace.compareTo(DISCONNECT_GRACE_CEILING) > 0) {
            throw new IllegalArgumentException(
                    "disconnectGrace must be at most %s, was %s"
                            .formatted(DISCONNECT_GRACE_CEILING, disconnectGrace));
        }
    }

    /**
     * Leases every 2 s, 20 s for Kafka, 10 s to drain, 6 s of silence, a minute of clock skew, 30 s
     * without a reader.
     */
    public static IngestTimings defaults() {
        return new IngestTimings(
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(6),
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }

    /** How long a lease keeps others from taking its streams over, from when it is appended. */
    public Duration leaseValid() {
        return leaseInterval.multipliedBy(LEASE_INTERVALS_VALID);
    }

    /** The same with another time to drain. */
    public IngestTimings withDrain(Duration newDrain) {
        return new IngestTimings(
                start,
                leaseInterval,
                commitInterval,
                delivery,
                newDrain,
                revoke,
                session,
                clockSkew,
                retry,
                disconnectGrace);
    }

    /** The same with another time without a reader. */
    public IngestTimings withDisconnectGrace(Duration newGrace) {
        return new IngestTimings(
                start,
                leaseInterval,
                commitInterval,
                delivery,
                drain,
                revoke,
                session,
                clockSkew,
                retry,
                newGrace);
    }
}
