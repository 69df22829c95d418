/**
 * The dialects of OpenAI and of the many servers that speak them. {@link
 * io.tidemark.ingest.internal.openai.ResponsesApi} is the Responses API; its normaliser follows the
 * mapping of {@code docs/protocol.md} and keeps, for one connection, what was sent of each item and
 * lane, so that everything a provider restates can be checked against it.
 *
 * <p>All state here is confined to the thread of one upstream connection; nothing does I/O.
 */
@NullMarked
package io.tidemark.ingest.internal.openai;

import org.jspecify.annotations.NullMarked;
