/**
 * A client of the HTTP API, as a user would write one: it starts streams, follows them, comes back
 * after a cut with the last sequence it has seen, and asks for the folded response. The
 * demonstration, the benchmark and the end-to-end tests are written with it.
 *
 * <p>{@link io.tidemark.standalone.client.TidemarkClient} is thread-safe; an {@link
 * io.tidemark.standalone.client.EventStream} is confined to one thread, except for its {@code
 * close}.
 */
@NullMarked
package io.tidemark.standalone.client;

import org.jspecify.annotations.NullMarked;
