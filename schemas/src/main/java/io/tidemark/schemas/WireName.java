package io.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonValue;

import java.util.Locale;

/**
 * An enum constant whose spelling on the wire is its own name in lower case. Constants are part of
 * the protocol: they are added, never renamed.
 */
public interface WireName {
    /** The constant's Java name. */
    String name();

    /** The constant as it stands in JSON. */
    @JsonValue
    default String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
