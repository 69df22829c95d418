package io.tidemark.testkit;

import io.tidemark.testkit.Engine.Found.Missing;
import io.tidemark.testkit.Engine.Found.Ready;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/** Which Kafka was asked for: what {@code -Dtests.kafka} means. */
sealed interface KafkaChoice {
    /** The system property. */
    String PROPERTY = "tests.kafka";

    /** A container where an engine has the image, and the embedded broker elsewhere. */
    record Auto() implements KafkaChoice {}

    /** The embedded broker, whatever else there is. */
    record Embedded() implements KafkaChoice {}

    /** A container, or failure. */
    record Container() implements KafkaChoice {}

    /** A cluster: {@code HOST:PORT}, with commas between several. */
    record Given(String bootstrapServers) implements KafkaChoice {}

    /**
     * The choice that a value stands for.
     *
     * @param value {@code auto} if null or empty
     * @throws IllegalArgumentException if it is none; the message has those that are allowed
     */
    static KafkaChoice parse(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return new Auto();
        }
        return switch (value) {
            case "auto" -> new Auto();
            case "embedded" -> new Embedded();
            case "container" -> new Container();
            default -> given(value);
        };
    }

    private static Given given(String value) {
        if (!Addresses.ALL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s is %s; allowed are auto, embedded, container, or the addresses of a cluster, HOST:PORT with commas between several"
                            .formatted(PROPERTY, value));
        }
        return new Given(value);
    }

    /**
     * The Kafka that it comes to on this machine.
     *
     * @param engine asked only where it matters
     * @param image what a container would be made of
     * @throws IllegalStateException if a container was asked for and cannot be had
     */
    default KafkaSource decide(Engine engine, String image) {
        return switch (this) {
            case Embedded() -> new KafkaSource.Embedded("");
            case Given(var servers) -> new KafkaSource.Given(servers);
            case Auto() ->
                    switch (engine.find(image)) {
                        case Ready(var version) -> new KafkaSource.Container(image, version);
                        case Missing(var why) -> new KafkaSource.Embedded(why);
                    };
            case Container() ->
                    switch (engine.find(image)) {
                        case Ready(var version) -> new KafkaSource.Container(image, version);
                        case Missing(var why) ->
                                throw new IllegalStateException(
                                        "%s is container, and %s".formatted(PROPERTY, why));
                    };
        };
    }

    /** What addresses look like; IPv6 ones are in brackets. */
    final class Addresses {
        private static final String ONE = "(\\[[0-9a-fA-F:]+]|[a-zA-Z0-9._-]+):[0-9]{1,5}";
        private static final Pattern ALL = Pattern.compile(ONE + "(," + ONE + ")*");

        private Addresses() {}
    }
}
