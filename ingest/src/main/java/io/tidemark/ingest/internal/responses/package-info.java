/**
 * OpenAI's Responses API, as OpenAI and the servers compatible with it speak it. {@link
 * io.tidemark.ingest.internal.responses.ResponsesApi} makes requests; {@link
 * io.tidemark.ingest.internal.responses.ResponsesDialect} follows the mapping of {@code
 * docs/protocol.md} and keeps, for one connection, what was sent of each item and lane, so that
 * everything a provider restates can be checked against it.
 *
 * <p>All state here is confined to the thread of one upstream connection; nothing does I/O.
 */
@NullMarked
package io.tidemark.ingest.internal.responses;

import org.jspecify.annotations.NullMarked;
