package io.tidemark.schemas;

import org.jspecify.annotations.Nullable;

/**
 * One place in which two documents of the contract differ, told without what stands there.
 *
 * @param pointer JSON pointer (RFC 6901) of the place; it names fields of the contract and
 *     positions only, and ends above names that a client or a provider chose
 * @param expected what should stand there; absent if nothing should
 * @param found what stands there; absent if nothing does
 */
public record JsonDifference(String pointer, @Nullable Extent expected, @Nullable Extent found) {
    /**
     * A value in place of itself.
     *
     * @param bytes length of its JSON in UTF-8
     * @param sha256 lower-case hex of the SHA-256 over that
     */
    public record Extent(long bytes, String sha256) {}
}
