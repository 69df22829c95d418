package io.tidemark.schemas;

import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of {@code tidemark.responses}.
 *
 * <p>A record without a value deletes what was there, and is null. Never throws for what a record
 * holds. Stateless; thread-safe. To be named in {@code value.deserializer} or made with {@code
 * new}; {@link TidemarkSerdes} has it with its serializer.
 */
public final class ResponseDeserializer implements Deserializer<Decoded<Response>> {
    /** For {@code value.deserializer}. */
    public ResponseDeserializer() {}

    @Override
    public @Nullable Decoded<Response> deserialize(@Nullable String topic, byte @Nullable [] data) {
        return Decoded.of(data, ResponseCodec::decode);
    }
}
