package io.tidemark.standalone.settings;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One setting.
 *
 * @param name its key, in lower case with dots and dashes
 * @param reader turns its text into a value and says what is allowed
 * @param fallback the text it has when nothing sets it; absent when it then has no value
 * @param secret whether its value must never be shown
 * @param help what it does, in one line
 */
public record Key<T>(
        String name, Reader<T> reader, @Nullable String fallback, boolean secret, String help) {
    public Key {
        requireNonNull(name, "name");
        requireNonNull(reader, "reader");
        requireNonNull(help, "help");
    }

    static <T> Key<T> of(String name, Reader<T> reader, String fallback, String help) {
        return new Key<>(name, reader, fallback, false, help);
    }

    static <T> Key<T> optional(String name, Reader<T> reader, String help) {
        return new Key<>(name, reader, null, false, help);
    }

    static Key<String> secret(String name, String help) {
        return new Key<>(name, Reader.text(), null, true, help);
    }

    static <T> Key<T> secret(String name, Reader<T> reader, String help) {
        return new Key<>(name, reader, null, true, help);
    }

    /** The environment variable that sets it. */
    public String variable() {
        return "TIDEMARK_" + name.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_");
    }
}
