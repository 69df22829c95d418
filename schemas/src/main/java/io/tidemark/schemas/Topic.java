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
     * A setting without which something that was promised does not hold.
     *
     * @param key the topic setting
     * @param allowed values that keep the promise
     * @param reason what breaks otherwise
     */
    public record Promise(String key, List<String> allowed, String reason) {
        public Promise {
            allowed = List.copyOf(allowed);
        }
    }
}
