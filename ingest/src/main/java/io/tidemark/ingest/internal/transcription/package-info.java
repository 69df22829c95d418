/**
 * OpenAI's transcriptions of audio files, streamed. {@link
 * io.tidemark.ingest.internal.transcription.TranscriptionApi} makes a form of a JSON request, since
 * the provider takes the file as such; {@link
 * io.tidemark.ingest.internal.transcription.TranscriptionDialect} reads what was heard, as plain
 * text or by segments with their speakers.
 *
 * <p>All state here is confined to the thread of one upstream connection; nothing does I/O.
 */
@NullMarked
package io.tidemark.ingest.internal.transcription;

import org.jspecify.annotations.NullMarked;
