package io.tidemark.standalone.settings;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The settings of one process, all of them known and readable. Immutable.
 *
 * @see SettingsLoader
 */
public final class Settings {
    private final Map<String, String> values;

    Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** The value of a setting that always has one. */
    public <T> T get(Key<T> key) {
        return find(key)
                .orElseThrow(() ->
                        new InvalidSettingsException(key.name() + " must be set: " + key.help()));
    }

    /** The value of a setting, or empty when nothing sets it and it has no default. */
    public <T> Optional<T> find(Key<T> key) {
        var text = values.get(key.name());
        var effective = text == null ? key.fallback() : text;
        return Optional.ofNullable(effective).map(key.reader()::read);
    }

    /** Whether a setting was set rather than left to its default. */
    public boolean isSet(Key<?> key) {
        return values.containsKey(key.name());
    }

    /** Names of the providers that some setting mentions, in alphabetical order. */
    public Set<String> providerNames() {
        var names = new TreeSet<String>();
        values.keySet().forEach(key -> ProviderKeys.providerName(key).ifPresent(names::add));
        return names;
    }

    /** Headers that settings give a provider, by name. */
    public Map<String, String> headersOf(String provider) {
        var headers = new TreeMap<String, String>();
        values.forEach((key, value) -> {
            if (ProviderKeys.providerName(key).filter(provider::equals).isPresent()) {
                ProviderKeys.headerName(key).ifPresent(header -> headers.put(header, value));
            }
        });
        return headers;
    }

    /** Names of the routes that some setting mentions, in alphabetical order. */
    public Set<String> routeNames() {
        var names = new TreeSet<String>();
        values.keySet().forEach(key -> Keys.routeName(key).ifPresent(names::add));
        return names;
    }

    /** Names of the tenants that some setting mentions, in alphabetical order. */
    public Set<String> tenantNames() {
        var names = new TreeSet<String>();
        values.keySet().forEach(key -> Keys.tenantName(key).ifPresent(names::add));
        return names;
    }

    /** Names of the master keys that some setting mentions, in alphabetical order. */
    public Set<String> masterKeyIds() {
        var ids = new TreeSet<String>();
        values.keySet().forEach(key -> EncryptionKeys.masterKeyId(key).ifPresent(ids::add));
        return ids;
    }

    /** Settings for Kafka's own clients: those under {@code kafka.} that are not ours. */
    public Map<String, String> kafkaProperties() {
        var properties = new TreeMap<String, String>();
        values.forEach((key, value) ->
                Keys.kafkaProperty(key).ifPresent(name -> properties.put(name, value)));
        return properties;
    }

    /** These settings with one more, which wins. */
    public <T> Settings with(Key<T> key, String text) {
        key.reader().read(text);
        var more = new TreeMap<>(values);
        more.put(key.name(), text);
        return new Settings(more);
    }

    /** Every setting that was set, secrets hidden; for the log at start. */
    public Map<String, String> shown() {
        var shown = new TreeMap<String, String>();
        values.forEach((key, value) -> shown.put(key, Keys.secret(key) ? "(hidden)" : value));
        return shown;
    }

    @Override
    public String toString() {
        return "Settings" + shown();
    }
}
