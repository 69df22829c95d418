package io.tidemark.export;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.GenerationReader;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import java.util.Map;

/**
 * What is exported and how.
 *
 * @param kafka settings of Kafka's clients, {@code bootstrap.servers} among them; may hold
 *     credentials
 * @param topics the installation's topics; of its results those are exported that count
 * @param topic which of them
 * @param format how it is written
 * @param scope which streams
 * @param keep which of their records
 * @param metadata whether lines of NDJSON say where in the log they are; Parquet always does, and
 *     so does {@link Keep#RAW}
 * @param limits how much memory it may take
 * @param masterKeys what the keys of encrypted streams are wrapped with; without them sealed events
 *     are exported as they stand
 */
public record ExportConfig(
        Map<String, String> kafka,
        Topics topics,
        ExportTopic topic,
        ExportFormat format,
        Scope scope,
        Keep keep,
        boolean metadata,
        ExportLimits limits,
        MasterKeys masterKeys) {
    public ExportConfig {
        kafka = Map.copyOf(kafka);
        requireNonNull(topics, "topics");
        requireNonNull(topic, "topic");
        requireNonNull(format, "format");
        requireNonNull(scope, "scope");
        requireNonNull(keep, "keep");
        requireNonNull(limits, "limits");
        requireNonNull(masterKeys, "masterKeys");
        if (keep == Keep.LATEST && !topic.onePerKey()) {
            throw new IllegalArgumentException(
                    "the latest of each key is for topics with one record per key, not for "
                            + topic.wire());
        }
        boolean named = scope instanceof Scope.One || scope instanceof Scope.Several;
        if (named && !topic.ofStreams()) {
            throw new IllegalArgumentException(
                    "a stream by its id is for topics of streams, not for " + topic.wire());
        }
    }

    /** The same for the results that count now. */
    ExportConfig counting() {
        return new ExportConfig(
                kafka,
                GenerationReader.counting(kafka, topics),
                topic,
                format,
                scope,
                keep,
                metadata,
                limits,
                masterKeys);
    }

    /** Settings of Kafka's clients may hold credentials: their names only. */
    @Override
    public String toString() {
        return "ExportConfig[kafka="
                + kafka.keySet()
                + ", topic="
                + topic
                + ", format="
                + format
                + ", scope="
                + scope
                + ", keep="
                + keep
                + ", metadata="
                + metadata
                + ", limits="
                + limits
                + ", masterKeys="
                + masterKeys
                + "]";
    }
}
