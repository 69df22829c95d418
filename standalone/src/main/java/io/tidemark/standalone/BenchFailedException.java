package io.tidemark.standalone;

/** A benchmark cannot give figures; the message says why and what would help. */
final class BenchFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchFailedException(String message) {
        super(message);
    }
}
