package io.tidemark.schemas;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Kafka does not allow what a role has to do. The message names each operation and resource, and
 * where the list of all that is needed comes from.
 */
public final class NotAllowedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Right> missing;

    NotAllowedException(KafkaRole role, List<Right> missing) {
        super(message(role, missing));
        this.missing = List.copyOf(missing);
    }

    private static String message(KafkaRole role, List<Right> missing) {
        return "Kafka does not allow the principal of %s: %s; it has no ACL for that (tidemark acls --role %s prints what it needs)"
                .formatted(
                        role.word(),
                        missing.stream().map(Right::toString).collect(Collectors.joining(", ")),
                        role.word());
    }

    /** What is not allowed, at least one. */
    public List<Right> missing() {
        return missing;
    }
}
