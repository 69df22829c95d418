/**
 * Chat Completions, as OpenAI and the servers that call themselves compatible speak it. {@link
 * io.tidemark.ingest.internal.chat.ChatApi} makes requests; {@link
 * io.tidemark.ingest.internal.chat.ChatDialect} reads what comes. There is one tolerant reader
 * rather than one per vendor: what is done is decided by the shape of what is sent, never by who
 * sent it.
 *
 * <p>A chunk says neither where an item begins nor where it ends. So each choice has one message
 * and one item for each call and each block of reasoning, in order of first sight, and all of them
 * end with the choice. A call is whole only then, which is when it is sent.
 *
 * <p>All state here is confined to the thread of one upstream connection; nothing does I/O.
 */
@NullMarked
package io.tidemark.ingest.internal.chat;

import org.jspecify.annotations.NullMarked;
