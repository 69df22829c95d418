package io.tidemark.testkit;

/** The Docker engine of this machine, as far as a choice of Kafka depends on it. */
interface Engine {

    /** Whether a container can be made: {@link Ready} or {@link Missing}. */
    sealed interface Found {
        /**
         * It can.
         *
         * @param version what the engine says of itself
         */
        record Ready(String version) implements Found {}

        /**
         * It cannot.
         *
         * @param why in words that may stand in parentheses
         */
        record Missing(String why) implements Found {}
    }

    /**
     * Looks whether an engine answers and has an image. Nothing is pulled.
     *
     * @param image with its tag
     */
    Found find(String image);
}
