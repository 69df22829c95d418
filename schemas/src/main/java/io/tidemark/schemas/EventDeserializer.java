package io.tidemark.schemas;

import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of {@code tidemark.events}.
 *
 * <p>A fence has no value and is null. Which records are the stream is not told from values: see
 * {@link EventRecord} and {@link ReaderGuard}. Never throws for what a record holds. Stateless;
 * thread-safe. To be named in {@code value.deserializer} or made with {@code new}; {@link
 * TidemarkSerdes} has it with its serializer.
 */
public final class EventDeserializer implements Deserializer<Decoded<StreamEvent>> {
    /** For {@code value.deserializer}. */
    public EventDeserializer() {}

    @Override
    public @Nullable Decoded<StreamEvent> deserialize(
            @Nullable String topic, byte @Nullable [] data) {
        return Decoded.of(data, EventCodec::decode);
    }
}
