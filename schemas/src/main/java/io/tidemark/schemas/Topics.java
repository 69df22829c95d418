package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Topic.AtLeast;
import io.tidemark.schemas.Topic.AtMost;
import io.tidemark.schemas.Topic.KeptFor;
import io.tidemark.schemas.Topic.OneOf;
import io.tidemark.schemas.Topic.Promise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The topics of one installation: their names under a prefix, how many partitions they have, and
 * how long they keep what they hold.
 *
 * @param prefix first part of every name, {@code tidemark} by default
 * @param partitions partitions a new topic gets, 1 to 65536; a topic that exists keeps its own
 * @param replicationFactor copies of each partition of a new topic; -1 leaves it to the broker
 * @param eventRetention how long events are kept
 * @param commandRetention how long commands and dead letters, which hold prompts, are kept
 * @param resultRetention how long responses, usage and rollups are kept
 * @param generation which of the sets of result topics is meant, from 0: section 5.6 of the
 *     protocol
 * @param management what is done with topics that are not there, or not as they are meant
 * @param minInSyncReplicas how many copies have to have a record before it is acknowledged; -1
 *     leaves it to the brokers
 */
public record Topics(
        String prefix,
        int partitions,
        short replicationFactor,
        Duration eventRetention,
        Duration commandRetention,
        Duration resultRetention,
        int generation,
        TopicManagement management,
        short minInSyncReplicas) {
    /** Partitions by default: right for one machine, since each is a batch of its own. */
    public static final int PARTITIONS_DEFAULT = 12;

    /** Longest lifetime that a capability may have. */
    public static final Duration CAPABILITY_LIFETIME_MAX = Duration.ofDays(7);

    private static final Pattern INTERNAL =
            Pattern.compile("(?!g\\d+-).*-(?:changelog|repartition)");

    /** Topic setting of how many copies have to have a record before it is acknowledged. */
    public static final String MIN_IN_SYNC = "min.insync.replicas";

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

    private static final Promise STREAMS_TIME =
            new OneOf(
                    "message.timestamp.type",
                    List.of("CreateTime"),
                    "a row counts in the minute in which the log took the end of its stream");
    private static final Promise MINUTES_TIME =
            new OneOf(
                    "message.timestamp.type",
                    List.of("CreateTime"),
                    "a rollup is kept by the age of its minute");
    private static final Promise LATEST_ROLLUP =
            new OneOf(
                    "cleanup.policy",
                    List.of("compact", "compact,delete", "delete,compact"),
                    "the latest rollup of each minute must outlive those before it");
    private static final int ROLLUP_BYTES_MAX = 1024 * 1024;
    private static final Promise TAKES_ROLLUPS =
            new AtLeast(
                    "max.message.bytes",
                    ROLLUP_BYTES_MAX,
                    "a rollup that its topic does not take would stop the projector");

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

    /**
     * Longest time for which what was replaced or erased may still stand in a compacted topic,
     * before the broker has to begin to remove it.
     */
    public static final Duration COMPACTION_LAG_MAX = Duration.ofDays(1);

    /** Promise of every compacted topic with content. */
    public static final Promise FORGETS_WHAT_IS_ERASED =
            new AtMost(
                    "max.compaction.lag.ms",
                    COMPACTION_LAG_MAX.toMillis(),
                    "what was erased would stay in the topic");

    /* Segments are removed whole, so a copy may be older than its topic's retention. */
    private static final Duration SEGMENT_MAX = Duration.ofDays(1);
    private static final Duration COMMAND_SEGMENT_MAX = Duration.ofHours(6);
    private static final Duration ERASURE_MARGIN = Duration.ofDays(8);
    private static final int ERASURE_BYTES_MAX = 1024 * 1024;
    private static final Promise ERASED_IN_LOG_TIME =
            new OneOf(
                    "message.timestamp.type",
                    List.of("LogAppendTime"),
                    "how long an erasure is remembered is reckoned by the log's time");
    private static final Promise ERASURES_COMPACTED =
            new OneOf(
                    "cleanup.policy",
                    List.of("compact", "compact,delete", "delete,compact"),
                    "the latest erasure of each stream is enough");

    /** Longest time until a broker begins to remove a key that was deleted, by our settings. */
    public static final Duration KEY_COMPACTION_LAG = Duration.ofMinutes(10);

    private static final Duration KEY_COMPACTION_LAG_MAX = Duration.ofHours(1);
    private static final int KEY_BYTES_MAX = 1024 * 1024;
    private static final Promise DELETED_KEYS_GO =
            new OneOf(
                    "cleanup.policy",
                    List.of("compact", "compact,delete", "delete,compact"),
                    "a key that was deleted would stay");
    private static final Promise DELETED_KEYS_GO_SOON =
            new AtMost(
                    "max.compaction.lag.ms",
                    KEY_COMPACTION_LAG_MAX.toMillis(),
                    "a key that was deleted would stay in the topic");
    private static final Promise KEYS_IN_THEIR_TIME =
            new OneOf(
                    "message.timestamp.type",
                    List.of("CreateTime"),
                    "a key is found by the time in its stream's id, which is its edge's own");

    private static final int GENERATION_BYTES_MAX = 1024 * 1024;
    private static final Promise NEVER_DELETED =
            new OneOf(
                    "cleanup.policy",
                    List.of("compact"),
                    "the results that count would be forgotten, and the first ones count again");

    public Topics {
        requireNonNull(management, "management");
        if (!prefix.matches("[a-zA-Z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "prefix must be 1 to 100 letters, digits, dots, dashes or underscores");
        }
        if (partitions < 1 || partitions > StreamId.PARTITION_MAX + 1) {
            throw new IllegalArgumentException("partitions must be 1 to 65536, was " + partitions);
        }
        if (minInSyncReplicas < 1 && minInSyncReplicas != -1) {
            throw new IllegalArgumentException(
                    "minInSyncReplicas must be from 1, or -1, was " + minInSyncReplicas);
        }
        if (generation < 0) {
            throw new IllegalArgumentException("generation must be from 0, was " + generation);
        }
    }

    /** The topics whose results are of generation 0, the first; missing ones are created. */
    public Topics(
            String prefix,
            int partitions,
            short replicationFactor,
            Duration eventRetention,
            Duration commandRetention,
            Duration resultRetention) {
        this(
                prefix,
                partitions,
                replicationFactor,
                eventRetention,
                commandRetention,
                resultRetention,
                0,
                TopicManagement.CREATE,
                (short) -1);
    }

    /** The same with the results of another generation. */
    public Topics withGeneration(int other) {
        return with(other, management, minInSyncReplicas);
    }

    /** The same, managed in another way. */
    public Topics managed(TopicManagement other) {
        return with(generation, other, minInSyncReplicas);
    }

    /** The same with records that are acknowledged when so many copies have them. */
    public Topics withMinInSyncReplicas(short other) {
        return with(generation, management, other);
    }

    private Topics with(int otherGeneration, TopicManagement otherManagement, short otherMinimum) {
        return new Topics(
                prefix,
                partitions,
                replicationFactor,
                eventRetention,
                commandRetention,
                resultRetention,
                otherGeneration,
                otherManagement,
                otherMinimum);
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
        return topic(
                prefix + ".commands",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "LogAppendTime",
                        "retention.ms",
                        millis(commandRetention),
                        "segment.ms",
                        millis(COMMAND_SEGMENT_MAX),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(NOT_COMPACTED, APPEND_TIME));
    }

    /** The log: every event of every stream. */
    public Topic events() {
        return topic(
                prefix + ".events",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "LogAppendTime",
                        "retention.ms",
                        millis(eventRetention),
                        "segment.ms",
                        millis(SEGMENT_MAX),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(NOT_COMPACTED, APPEND_TIME));
    }

    /** Folded responses, the latest of each stream. */
    public Topic responses() {
        return topic(
                ofGeneration("responses"),
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "retention.ms",
                        millis(resultRetention),
                        "segment.ms",
                        millis(SEGMENT_MAX),
                        "max.compaction.lag.ms",
                        millis(COMPACTION_LAG_MAX),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(
                        new OneOf(
                                "cleanup.policy",
                                List.of("compact", "compact,delete", "delete,compact"),
                                "the latest response of each stream must outlive its events"),
                        TAKES_RESULTS,
                        FORGETS_WHAT_IS_ERASED));
    }

    /** One ledger row per stream. */
    public Topic usage() {
        return topic(
                ofGeneration("usage"),
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        millis(resultRetention),
                        "max.message.bytes",
                        Integer.toString(MESSAGE_BYTES_MAX)),
                List.of(TAKES_RESULTS, STREAMS_TIME));
    }

    /** The ledger by minute, tenant, provider and model, the latest rollup of each. */
    public Topic rollups() {
        return topic(
                ofGeneration("rollups"),
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        millis(resultRetention),
                        "max.message.bytes",
                        Integer.toString(ROLLUP_BYTES_MAX)),
                List.of(LATEST_ROLLUP, MINUTES_TIME, TAKES_ROLLUPS));
    }

    /** Commands that could not be taken, kept as long as commands are. */
    public Topic deadLetters() {
        return topic(
                prefix + ".dead-letters",
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        millis(commandRetention),
                        "segment.ms",
                        millis(COMMAND_SEGMENT_MAX),
                        "max.message.bytes",
                        Integer.toString(LETTER_BYTES_MAX)),
                List.of(LETTERS_NOT_COMPACTED, OWN_TIME));
    }

    /** Capabilities that were revoked, kept for as long as any of them could have been good. */
    public Topic revocations() {
        return topic(
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
        return topic(
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

    /** Streams whose content was erased, known for longer than there can be a copy of it. */
    public Topic erasures() {
        return topic(
                prefix + ".erasures",
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "message.timestamp.type",
                        "LogAppendTime",
                        "retention.ms",
                        millis(erasureRetention()),
                        "max.message.bytes",
                        Integer.toString(ERASURE_BYTES_MAX)),
                List.of(
                        ERASURES_COMPACTED,
                        ERASED_IN_LOG_TIME,
                        new KeptFor(erasureRetention(), "what was erased would come back")));
    }

    /** Keys of encrypted streams, wrapped, known for longer than there can be anything to open. */
    public Topic keys() {
        return topic(
                prefix + ".keys",
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        millis(erasureRetention()),
                        "segment.ms",
                        millis(KEY_COMPACTION_LAG),
                        "max.compaction.lag.ms",
                        millis(KEY_COMPACTION_LAG),
                        "max.message.bytes",
                        Integer.toString(KEY_BYTES_MAX)),
                List.of(
                        DELETED_KEYS_GO,
                        DELETED_KEYS_GO_SOON,
                        KEYS_IN_THEIR_TIME,
                        new KeptFor(erasureRetention(), "what was sealed could not be read")));
    }

    /** How long an erasure is known: longer than events and results are kept. */
    public Duration erasureRetention() {
        boolean eventsLast = eventRetention.compareTo(resultRetention) > 0;
        return (eventsLast ? eventRetention : resultRetention).plus(ERASURE_MARGIN);
    }

    /** How long events may stand in the log: they are removed by whole segments. */
    public Duration eventsGoneAfter() {
        return eventRetention.plus(ERASURE_MARGIN);
    }

    /** Which generation of results counts; one record, on partition 0, kept for ever. */
    public Topic generations() {
        return topic(
                prefix + ".generations",
                Map.of(
                        "cleanup.policy",
                        "compact",
                        "max.message.bytes",
                        Integer.toString(GENERATION_BYTES_MAX)),
                List.of(NEVER_DELETED));
    }

    /** What the projector writes, of this generation. */
    public List<Topic> results() {
        return List.of(responses(), usage(), rollups());
    }

    /** The consumer group of all workers. */
    public String workers() {
        return prefix + "-ingest";
    }

    /**
     * What the application that makes results is called by default: its consumer group, and what
     * the names of its internal topics and transactions begin with.
     */
    public String projector() {
        return prefix + "-projector";
    }

    /**
     * What the application that makes these results is called, its consumer group first of all:
     * that of generation 0 as configured, each other one the same with {@code -g} and the number.
     */
    public String application(String configured) {
        return generation == 0 ? configured : configured + "-g" + generation;
    }

    /**
     * Whether Kafka Streams makes a topic of that name for an application; those of a later
     * generation, whose application's name begins like that of the first, are not the first's.
     */
    public static boolean isInternal(String topic, String application) {
        return topic.startsWith(application + "-")
                && INTERNAL.matcher(topic.substring(application.length() + 1)).matches();
    }

    private Topic topic(String name, Map<String, String> settings, List<Promise> promises) {
        if (minInSyncReplicas < 0) {
            return new Topic(name, settings, promises);
        }
        var allSettings = new HashMap<>(settings);
        allSettings.put(MIN_IN_SYNC, Short.toString(minInSyncReplicas));
        var allPromises = new ArrayList<>(promises);
        allPromises.add(
                new AtLeast(
                        MIN_IN_SYNC,
                        minInSyncReplicas,
                        "what was acknowledged would be lost with fewer brokers than is meant"));
        return new Topic(name, allSettings, allPromises);
    }

    private String ofGeneration(String name) {
        return prefix + "." + name + (generation == 0 ? "" : ".g" + generation);
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
                rollups(),
                deadLetters(),
                revocations(),
                startKeys(),
                erasures(),
                keys(),
                generations());
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
