package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

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
    public Topic {
        requireNonNull(name, "name");
        settings = Map.copyOf(settings);
        promises = List.copyOf(promises);
    }

    /**
     * A setting without which something that was promised does not hold: either {@link OneOf} a few
     * values, or a number that is {@link AtLeast} so large.
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
}
