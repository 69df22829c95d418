package io.tidemark.schemas;

import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of {@code tidemark.rollups}.
 *
 * <p>A record without a value is null. Never throws for what a record holds. Stateless;
 * thread-safe. To be named in {@code value.deserializer} or made with {@code new}; {@link
 * TidemarkSerdes} has it with its serializer.
 */
public final class RollupDeserializer implements Deserializer<Decoded<Rollup>> {
    /** For {@code value.deserializer}. */
    public RollupDeserializer() {}

    @Override
    public @Nullable Decoded<Rollup> deserialize(@Nullable String topic, byte @Nullable [] data) {
        return Decoded.of(data, RollupCodec::decode);
    }
}
