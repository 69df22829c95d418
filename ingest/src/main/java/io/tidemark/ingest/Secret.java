package io.tidemark.ingest;

import static java.util.Objects.requireNonNull;

/**
 * A credential. Immutable; prints nothing of itself.
 *
 * @param value the credential as it goes on the wire: printable ASCII without spaces
 */
public record Secret(String value) {
    public Secret {
        requireNonNull(value, "value");
        if (!value.matches("[!-~]+")) {
            throw new IllegalArgumentException(
                    "a secret must be printable ASCII without spaces, and not empty");
        }
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
