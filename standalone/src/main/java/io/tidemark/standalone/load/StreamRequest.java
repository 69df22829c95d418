package io.tidemark.standalone.load;

/** How a stream is asked for. Immutable. */
public sealed interface StreamRequest {
    /**
     * The events of a stream that was started before, behind a tidemark.
     *
     * @param path of the resource, such as {@code /v1/streams/ID/events}
     */
    record Events(String path) implements StreamRequest {
        @Override
        public byte[] bytes(String host, long tidemark) {
            return ResponseScanner.get(host, path, tidemark);
        }

        @Override
        public boolean resumable() {
            return true;
        }
    }

    /**
     * A stream that is started by asking for it, whose events have no ids; a reader that is cut off
     * has lost it.
     *
     * @param path of the resource
     * @param json the body
     */
    record Start(String path, String json) implements StreamRequest {
        @Override
        public byte[] bytes(String host, long tidemark) {
            return ResponseScanner.post(host, path, json);
        }

        @Override
        public boolean resumable() {
            return false;
        }

        /** Without the body, which is a prompt. */
        @Override
        public String toString() {
            return "Start[path=" + path + ", chars=" + json.length() + "]";
        }
    }

    /**
     * The request as it is written.
     *
     * @param host what it is addressed to, with the port
     * @param tidemark the last sequence that the reader has, or -1
     */
    byte[] bytes(String host, long tidemark);

    /** Whether its events are numbered, and it can be asked for again. */
    boolean resumable();
}
