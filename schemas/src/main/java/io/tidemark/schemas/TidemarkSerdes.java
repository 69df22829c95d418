package io.tidemark.schemas;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import java.util.function.Function;

/**
 * Serdes for what Tidemark publishes, for consumers and for topologies of Kafka Streams. They write
 * what the codecs write, byte for byte. Stateless; thread-safe.
 *
 * <p>What was {@link Decoded.Malformed} is not written again: that is a {@link
 * SerializationException}. An {@link EventBody.Unknown} event is not either, since a version writes
 * only what it can read.
 */
public final class TidemarkSerdes {
    private TidemarkSerdes() {}

    /** Values of {@code tidemark.events}. */
    public static Serde<Decoded<StreamEvent>> events() {
        return serde(EventCodec::encode, new EventDeserializer());
    }

    /** Values of {@code tidemark.responses}. */
    public static Serde<Decoded<Response>> responses() {
        return serde(ResponseCodec::encode, new ResponseDeserializer());
    }

    /** Values of {@code tidemark.usage}. */
    public static Serde<Decoded<UsageRow>> usage() {
        return serde(ResponseCodec::encode, new UsageRowDeserializer());
    }

    /** Values of {@code tidemark.rollups}. */
    public static Serde<Decoded<Rollup>> rollups() {
        return serde(RollupCodec::encode, new RollupDeserializer());
    }

    private static <T> Serde<Decoded<T>> serde(
            Function<T, byte[]> codec, Deserializer<Decoded<T>> deserializer) {
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : bytes(topic, value, codec), deserializer);
    }

    private static <T> byte[] bytes(String topic, Decoded<T> value, Function<T, byte[]> codec) {
        return switch (value) {
            case Decoded.Value(var known) -> encoded(topic, known, codec);
            case Decoded.Malformed(var field, var problem, var size) ->
                    throw new SerializationException(
                            "a malformed value of %d bytes is not written to %s; %s: %s"
                                    .formatted(size, topic, field, problem));
        };
    }

    private static <T> byte[] encoded(String topic, T value, Function<T, byte[]> codec) {
        try {
            return codec.apply(value);
        } catch (IllegalArgumentException e) {
            throw new SerializationException("not to be written to " + topic, e);
        }
    }
}
