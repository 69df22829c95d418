package io.tidemark.schemas;

import static io.tidemark.schemas.FieldException.requireBetween;
import static io.tidemark.schemas.FieldException.requireNotNegative;

import com.fasterxml.jackson.annotation.JsonIgnore;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A word on the generations of results: a value of {@code tidemark.generations} (section 5.6 of the
 * protocol). Immutable.
 *
 * <pre>{@code
 * switch (word) {
 *     case GenerationWord.Current current -> ...   // these results count
 *     case GenerationWord.Building building -> ... // these are being made
 * }
 * }</pre>
 */
public sealed interface GenerationWord {
    /** Partition of all words. */
    int PARTITION = 0;

    /** Number of the generation. */
    int generation();

    /** When it was written, in epoch milliseconds by the writer's clock. */
    long at();

    /** Key of the record that holds it. */
    @JsonIgnore
    String key();

    /**
     * The results of a generation count.
     *
     * @param generation from 0
     */
    record Current(int generation, long at) implements GenerationWord {
        static final String KEY = "current";

        public Current {
            requireNotNegative("generation", generation);
            requireNotNegative("at", at);
        }

        @Override
        public String key() {
            return KEY;
        }
    }

    /**
     * The results of a generation are being made. Whoever goes on with it after an interruption
     * begins at the same places.
     *
     * @param generation from 1
     * @param begins by partition of {@code tidemark.events}, offset of the first event that is
     *     folded anew
     */
    record Building(int generation, Map<Integer, Long> begins, long at) implements GenerationWord {
        static final String KEY = "building";

        public Building {
            requireBetween("generation", generation, 1, Integer.MAX_VALUE);
            begins = Map.copyOf(begins);
            requireNotNegative("at", at);
        }

        @Override
        public String key() {
            return KEY;
        }
    }

    /** The record to produce. */
    default ProducerRecord<byte[], byte[]> record(String topic) {
        var json = Json.bytes(Json.MAPPER.valueToTree(this));
        return new ProducerRecord<>(topic, PARTITION, key().getBytes(StandardCharsets.UTF_8), json);
    }

    /**
     * The word that a consumed record holds; empty for a key that a later version knows.
     *
     * @throws MalformedRecordException if it has one of the keys and holds no such word
     */
    static Optional<GenerationWord> of(ConsumerRecord<byte[], byte[]> record) {
        var key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        return switch (key) {
            case Current.KEY -> Optional.of(read(record, Current.class));
            case Building.KEY -> Optional.of(read(record, Building.class));
            default -> Optional.empty();
        };
    }

    private static <W extends GenerationWord> W read(
            ConsumerRecord<byte[], byte[]> record, Class<W> type) {
        if (record.value() == null) {
            throw new MalformedRecordException("value", "must not be absent", null);
        }
        return Json.read(Json.object(record.value()), type);
    }
}
