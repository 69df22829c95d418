package io.tidemark.schemas;

import io.tidemark.schemas.Topic.AtLeast;
import io.tidemark.schemas.Topic.OneOf;
import io.tidemark.schemas.Topic.Promise;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The topics of one installation: their names under a prefix, how many partitions they have, and
 * how long they keep what they hold.
 *
 * @param prefix first part of every name, {@code tidemark} by default
 * @param partitions partitions a new topic gets, 1 to 65536; a topic that exists keeps its own
 * @param replicationFactor copies of each partition of a new topic; -1 leaves it to the broker
 * @param eventRetention how long events are kept
 * @param commandRetention how long commands and dead letters, which hold prompts, are kept
 * @param resultRetention how long responses and usage are kept
 */
public record Topics(
        String prefix,
        int partitions,
        short replicationFactor,
        Duration eventRetention,
        Duration commandRetention,
        Duration resultRetention) {
    /** Partitions by default: right for one machine, since each is a batch of its own. */
    public static final int PARTITIONS_DEFAULT = 12;

    /** Longest lifetime that a capability may have. */
    public static final Duration CAPABILITY_LIFETIME_MAX = Duration.ofDays(7);

    private static final Promise APPEND_TIME =
            new OneOf(
                    "message.timestamp.type",
                    List.of("LogAppendTime"),
                    "streams are located by the log's time index, which must be the broker's own");
    private static final Promise OWN_TIME =
            new OneOf(
                    "message.timestamp.type",
                    List.of("CreateTime"),
                    "a dead letter holds a prompt and must not outlive the command that it copies");
    private static final Promise LETTERS_NOT_COMPACTED =
            new OneOf(
                    "cleanup.policy",
                    List.of("delete"),
                    "dead letters share the keys of their commands: compaction would delete some");
    private static final Promise NOT_COMPACTED =
            new OneOf(
                    "cleanup.policy",
                    List.of("delete"),
                    "all records of a stream share its key: compaction would delete its history");

    /** Largest record batch a topic takes, in bytes: a command with a large prompt has to fit. */
    private static final int MESSAGE_BYTES_MAX = 32 * 1024 * 1024;

    /** Room for a command of any size and the headers that say why it was set aside. */
    private static final int LETTER_BYTES_MAX = MESSAGE_BYTES_MAX + 1024 * 1024;

    private static final Promise TAKES_RESULTS =
            new AtLeast(
                    "max.message.bytes",
                    MESSAGE_BYTES_MAX,
                    "a result that its topic does not take would stop the projector");

    private static final Promise OUTLIVES_CAPABILITIES =
            new AtLeast(
                    "retention.ms",
                    CAPABILITY_LIFETIME_MAX.toMillis(),
                    "what was revoked would be good again");

    private static final int REVOCATION_BYTES_MAX = 1024 * 1024;

    /** Longest time for which an edge may remember the key of a start. */
    public static final Duration START_KEY_WINDOW_MAX = Duration.ofDays(1);

    private static final Duration START_KEY_RETENTION = START_KEY_WINDOW_MAX.multipliedBy(2);
    private static final int START_KEY_BYTES_MAX = 1024 * 1024;
    private static final Promise KEYS_NOT_COMPACTED =
            new OneOf(
                    "cleanup.policy",
                    List.of("delete"),
                    "the first claim of a key wins: compaction would keep the last");
    private static final Promise KEYS_IN_LOG_TIME =
            new OneOf(
                    "message.timestamp.type",
                    List.of("LogAppendTime"),
                    "edges must agree on how old the claim of a key is");
    private static final Promise OUTLIVES_KEYS =
            new AtLeast(
                    "retention.ms",
                    START_KEY_RETENTION.toMillis(),
                    "a start whose key is still remembered would be made again");

    public Topics {
        if (!prefix.matches("[a-zA-Z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "prefix must be 1 to 100 letters, digits, dots, dashes or underscores");
        }
        if (partitions < 1 || partitions > StreamId.PARTITION_MAX + 1) {
            throw new IllegalArgumentException("partitions must be 1 to 65536, was " + partitions);
        }
    }

    /** The defaults: 12 partitions, events for a week, commands for a day, results for 90 days. */
    public static Topics defaults() {
        return new Topics(
                "tidemark",
                PARTITIONS_DEFAULT,
                (short) -1,
                Duration.ofDays(7),
                Duration.ofDays(1),
                Duration.ofDays(90));
    }

    /** Starts, cancels and what workers tell each other; short-lived, since it holds prompts. */
    public Topic commands() {
        return new Topic(
                prefix + ".commands",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "LogAppendTime",
                        "retention.ms",
                        millis(commandRetention),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(NOT_COMPACTED, APPEND_TIME));
    }

    /** The log: every event of every stream. */
    public Topic events() {
        return new Topic(
                prefix + ".events",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "LogAppendTime",
                        "retention.ms",
                        millis(eventRetention),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(NOT_COMPACTED, APPEND_TIME));
    }

    /** Folded responses, the latest of each stream. */
    public Topic responses() {
        return new Topic(
                prefix + ".responses",
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "retention.ms",
                        millis(resultRetention),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(
                        new OneOf(
                                "cleanup.policy",
                                List.of("compact", "compact,delete", "delete,compact"),
                                "the latest response of each stream must outlive its events"),
                        TAKES_RESULTS));
    }

    /** One ledger row per stream. */
    public Topic usage() {
        return new Topic(
                prefix + ".usage",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        millis(resultRetention),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(TAKES_RESULTS));
    }

    /** Commands that could not be taken, kept as long as commands are. */
    public Topic deadLetters() {
        return new Topic(
                prefix + ".dead-letters",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        millis(commandRetention),
                        "max.message.bytes",
                        Integer.toString(LETTER_BYTES_MAX)),
                List.of(LETTERS_NOT_COMPACTED, OWN_TIME));
    }

    /** Capabilities that were revoked, kept for as long as any of them could have been good. */
    public Topic revocations() {
        return new Topic(
                prefix + ".revocations",
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "retention.ms",
                        millis(CAPABILITY_LIFETIME_MAX),
                        "max.message.bytes",
                        Integer.toString(REVOCATION_BYTES_MAX)),
                List.of(OUTLIVES_CAPABILITIES));
    }

    /** Which streams were started under which keys of callers. */
    public Topic startKeys() {
        return new Topic(
                prefix + ".start-keys",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "LogAppendTime",
                        "retention.ms",
                        millis(START_KEY_RETENTION),
                        "max.message.bytes",
                        Integer.toString(START_KEY_BYTES_MAX)),
                List.of(KEYS_NOT_COMPACTED, KEYS_IN_LOG_TIME, OUTLIVES_KEYS));
    }

    /**
     * All of them, {@code events} first: the one that decides how many partitions the others get.
     */
    public List<Topic> all() {
        return List.of(
                events(),
                commands(),
                responses(),
                usage(),
                deadLetters(),
                revocations(),
                startKeys());
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
