package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A topic of the contract and the settings it is created with.
 *
 * @param name its name
 * @param settings topic settings it is created with
 * @param promises those of the settings that a promise rests on; a topic found with another value
 *     is refused
 */
public record Topic(String name, Map<String, String> settings, List<Promise> promises) {
    /** What a record has beside its value, in bytes, generously. */
    public static final int RECORD_OVERHEAD_BYTES = 64 * 1024;

    /* What a broker takes that is told nothing. */
    private static final int MESSAGE_BYTES_MAX_DEFAULT = 1_048_588;

    public Topic {
        requireNonNull(name, "name");
        settings = Map.copyOf(settings);
        promises = List.copyOf(promises);
    }

    /** Largest record batch that it takes, in bytes. */
    public int messageBytesMax() {
        var setting = settings.get("max.message.bytes");
        return setting == null ? MESSAGE_BYTES_MAX_DEFAULT : Integer.parseInt(setting);
    }

    /** Largest value of a record that it is sure to take, in bytes. */
    public int valueBytesMax() {
        return messageBytesMax() - RECORD_OVERHEAD_BYTES;
    }

    /**
     * A setting without which something that was promised does not hold: either {@link OneOf} a few
     * values, a number that is {@link AtLeast} so large or {@link AtMost}, or a time for which
     * records are kept, {@link KeptFor}.
     */
    public sealed interface Promise {
        /** The topic setting. */
        String key();

        /** What breaks otherwise. */
        String reason();

        /** Whether a topic with this value keeps the promise. */
        boolean keptBy(String value);

        /** What would keep it, to follow the words "must be". */
        String allowed();
    }

    /**
     * A setting that has one of these values.
     *
     * @param values values that keep the promise
     */
    public record OneOf(String key, List<String> values, String reason) implements Promise {
        public OneOf {
            values = List.copyOf(values);
        }

        @Override
        public boolean keptBy(String value) {
            return values.contains(value);
        }

        @Override
        public String allowed() {
            return "one of " + values;
        }
    }

    /**
     * A setting that is a whole number, and not too small a one.
     *
     * @param min smallest number that keeps the promise
     */
    public record AtLeast(String key, long min, String reason) implements Promise {
        @Override
        public boolean keptBy(String value) {
            try {
                return Long.parseLong(value) >= min;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        @Override
        public String allowed() {
            return "at least " + min;
        }
    }

    /**
     * A setting that is a whole number, and not too large a one.
     *
     * @param max largest number that keeps the promise
     */
    public record AtMost(String key, long max, String reason) implements Promise {
        @Override
        public boolean keptBy(String value) {
            try {
                return Long.parseLong(value) <= max;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        @Override
        public String allowed() {
            return "at most " + max;
        }
    }

    /**
     * A topic that keeps its records long enough.
     *
     * @param min shortest time that keeps the promise; for ever does as well
     */
    public record KeptFor(Duration min, String reason) implements Promise {
        private static final String FOR_EVER = "-1";

        @Override
        public String key() {
            return "retention.ms";
        }

        @Override
        public boolean keptBy(String value) {
            return value.equals(FOR_EVER)
                    || new AtLeast(key(), min.toMillis(), reason).keptBy(value);
        }

        @Override
        public String allowed() {
            return "at least %d, or -1".formatted(min.toMillis());
        }
    }
}
