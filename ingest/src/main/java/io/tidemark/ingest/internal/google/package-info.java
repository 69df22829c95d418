/**
 * Google's {@code streamGenerateContent}, as the Gemini API and Vertex AI speak it. {@link
 * io.tidemark.ingest.internal.google.GenerateApi} makes requests; {@link
 * io.tidemark.ingest.internal.google.GenerateDialect} reads chunks: each holds parts of one or
 * several candidates, and what is known of the whole so far. Nothing is restated and nothing marks
 * the end, so parts go out as they come, and the end of the bytes after the last finish reason is
 * the end.
 *
 * <p>All state here is confined to the thread of one upstream connection; nothing does I/O.
 */
@NullMarked
package io.tidemark.ingest.internal.google;

import org.jspecify.annotations.NullMarked;
