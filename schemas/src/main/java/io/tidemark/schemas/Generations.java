package io.tidemark.schemas;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.Optional;

/**
 * What is said of the generations of results (section 5.6 of the protocol). Immutable.
 *
 * @param current the one that counts; 0 as long as nothing is said
 * @param building the one that is being made or was made last, if one ever was
 */
public record Generations(int current, Optional<GenerationWord.Building> building) {
    /** Nothing is said. */
    public static final Generations FIRST = new Generations(0, Optional.empty());

    /**
     * The same after one more record of the topic, read in order of its one partition.
     *
     * @throws MalformedRecordException if the record has a key of ours and its value cannot be read
     */
    public Generations after(ConsumerRecord<byte[], byte[]> record) {
        return GenerationWord.of(record).map(this::after).orElse(this);
    }

    private Generations after(GenerationWord word) {
        return switch (word) {
            case GenerationWord.Current said -> new Generations(said.generation(), building);
            case GenerationWord.Building said -> new Generations(current, Optional.of(said));
        };
    }
}
