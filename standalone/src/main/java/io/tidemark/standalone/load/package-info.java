/**
 * A generator of readers for benchmarks: thousands of connections that read event streams, on one
 * thread and without a JSON parser, so that what it takes from the machine it shares with the
 * system is small. It checks the sequence of every event, and measures from when an event was due,
 * not from when it was sent, so that a system that falls behind cannot hide it.
 *
 * <p>{@link io.tidemark.standalone.load.Fleet} is thread-safe; everything else is confined to the
 * fleet's thread.
 */
@NullMarked
package io.tidemark.standalone.load;

import org.jspecify.annotations.NullMarked;
