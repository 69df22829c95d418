package io.tidemark.testkit;

/**
 * Which Kafka it is: {@link Embedded}, {@link Container} or {@link Given}. As a string it is what a
 * test prints of it.
 */
sealed interface KafkaSource {

    /**
     * A broker in the JVM of the tests.
     *
     * @param because why no other; empty if that was asked for
     */
    record Embedded(String because) implements KafkaSource {
        @Override
        public String toString() {
            return because.isEmpty() ? "embedded broker" : "embedded broker (" + because + ")";
        }
    }

    /**
     * A broker in a container.
     *
     * @param image its image, which the engine has
     * @param engineVersion what the engine says of itself
     */
    record Container(String image, String engineVersion) implements KafkaSource {
        @Override
        public String toString() {
            return "container %s, engine %s".formatted(image, engineVersion);
        }
    }

    /**
     * A cluster that runs without us.
     *
     * @param bootstrapServers where clients connect, {@code HOST:PORT}, with commas between several
     */
    record Given(String bootstrapServers) implements KafkaSource {
        @Override
        public String toString() {
            return "given cluster " + bootstrapServers;
        }
    }
}
