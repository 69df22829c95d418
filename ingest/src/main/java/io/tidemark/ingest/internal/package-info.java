/**
 * The inside of ingest: the pump between a provider's bytes and the log, and the dialects it
 * speaks. A dialect ({@link io.tidemark.ingest.internal.ProviderApi}) is pure: it makes requests
 * and turns frames into drafts, and knows neither sockets nor Kafka nor the time.
 *
 * <p>Dialects are immutable and shared; parsers and normalisers belong to the virtual thread of one
 * upstream connection.
 */
@NullMarked
package io.tidemark.ingest.internal;

import org.jspecify.annotations.NullMarked;
