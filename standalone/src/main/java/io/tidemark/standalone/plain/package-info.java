/**
 * What benchmarks compare the system with: a server that passes a provider's events on to readers
 * as event streams, from memory and without a log. It is what one would write by hand, and does no
 * more than it must.
 *
 * <p>{@link io.tidemark.standalone.plain.PlainServer} is thread-safe; its streams are filled by a
 * virtual thread each and read by Undertow's I/O threads.
 */
@NullMarked
package io.tidemark.standalone.plain;

import org.jspecify.annotations.NullMarked;
