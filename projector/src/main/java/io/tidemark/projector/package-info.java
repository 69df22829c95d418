/**
 * The memory of what was said: folds {@code tidemark.events} into {@code tidemark.responses} and
 * {@code tidemark.usage} with Kafka Streams, exactly once, and answers queries for one response by
 * id, whether it is finished or not.
 *
 * <p>{@link io.tidemark.projector.Projector} is the whole role; it is started from a {@link
 * io.tidemark.projector.ProjectorConfig} and closed. Records are folded on Kafka Streams' own
 * threads, which never wait for a query; queries run on virtual threads and read the same stores.
 * The public types may be used from any thread.
 */
@NullMarked
package io.tidemark.projector;

import org.jspecify.annotations.NullMarked;
