package io.tidemark.export;

import io.tidemark.schemas.WireName;

/** Which of a topic's records an export has. */
public enum Keep implements WireName {
    /** Those that readers take in: neither fenced nor doubled nor deleted. */
    AS_READ,
    /** Every record there is, each with what readers make of it. */
    RAW,
    /** Of those that readers take in, the last one of each key. */
    LATEST
}
