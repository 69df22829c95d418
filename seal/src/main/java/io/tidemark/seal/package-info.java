/**
 * Encryption per stream (section 17 of the protocol): what is written to the log is sealed under a
 * key of the stream's own, keys are kept in a topic under a master key, and whoever reads the log
 * opens what has a key. Depends on the contract and on Kafka's clients alone.
 *
 * <p>Sealing and opening are pure and may be done on any thread. {@link io.tidemark.seal.KeyRing}
 * is thread-safe, follows the topic on a thread of its own, and blocks where a key has to be looked
 * up.
 */
@NullMarked
package io.tidemark.seal;

import org.jspecify.annotations.NullMarked;
