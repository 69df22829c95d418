package io.tidemark.schemas;

import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of {@code tidemark.usage}.
 *
 * <p>A record without a value is null. Never throws for what a record holds. Stateless;
 * thread-safe. To be named in {@code value.deserializer} or made with {@code new}; {@link
 * TidemarkSerdes} has it with its serializer.
 */
public final class UsageRowDeserializer implements Deserializer<Decoded<UsageRow>> {
    /** For {@code value.deserializer}. */
    public UsageRowDeserializer() {}

    @Override
    public @Nullable Decoded<UsageRow> deserialize(@Nullable String topic, byte @Nullable [] data) {
        return Decoded.of(data, ResponseCodec::decodeUsage);
    }
}
