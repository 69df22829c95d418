package io.tidemark.testkit;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The Kafka of one test class, which other classes use before and after it: what a class makes has
 * to have a {@link #prefix}. Thread-safe.
 */
public final class TestKafka {
    private static volatile @Nullable TestKafka current;

    private final String bootstrapServers;
    private final String everything = "it-%08x-".formatted(ThreadLocalRandom.current().nextInt());

    /** With a prefix that no other has. */
    TestKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** That of a class whose tests are about to run. */
    static TestKafka begin(String bootstrapServers) {
        var begun = new TestKafka(bootstrapServers);
        current = begun;
        return begun;
    }

    /**
     * That of the test class that runs: for what has no parameters, such as a fixture in a field.
     *
     * @throws IllegalStateException if none runs that is marked with {@link RunsOnKafka}
     */
    public static TestKafka current() {
        var found = current;
        if (found == null) {
            throw new IllegalStateException("no test class runs that is marked with @RunsOnKafka");
        }
        return found;
    }

    /** Where clients connect: a value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** The settings that a client needs. */
    public Map<String, String> settings() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    /**
     * What the names of topics, groups and applications have to begin with, so that they meet none
     * of another class and are deleted with this one. The same for the same name, in this class.
     *
     * @param name letters, digits, dots, dashes and underscores: one for each part of a test that
     *     is to see nothing of the others
     */
    public String prefix(String name) {
        return everything + name;
    }

    /** Deletes what the class has left. */
    void end() {
        if (current == this) {
            current = null;
        }
        Leftovers.delete(bootstrapServers, everything);
    }
}
