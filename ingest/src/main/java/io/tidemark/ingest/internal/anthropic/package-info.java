/**
 * Anthropic's Messages API, as Anthropic, Amazon Bedrock and the servers compatible with it speak
 * it. {@link io.tidemark.ingest.internal.anthropic.MessagesApi} makes requests; {@link
 * io.tidemark.ingest.internal.anthropic.MessagesDialect} follows the mapping of {@code
 * docs/protocol.md}: a content block is an output item, and its deltas are that item's lanes.
 *
 * <p>All state here is confined to the thread of one upstream connection; nothing does I/O.
 */
@NullMarked
package io.tidemark.ingest.internal.anthropic;

import org.jspecify.annotations.NullMarked;
