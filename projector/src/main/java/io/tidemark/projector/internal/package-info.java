/**
 * The projector's parts: the topology with its two processors, the shape of what its stores hold,
 * the settings of Kafka Streams and RocksDB, and the query endpoint.
 *
 * <p>Threading: a processor and its stores belong to one stream thread and write without locks;
 * queries read the stores from virtual threads through Kafka Streams' own thread-safe views; {@link
 * io.tidemark.projector.internal.SequenceWaiters} is where the two meet.
 */
@NullMarked
package io.tidemark.projector.internal;

import org.jspecify.annotations.NullMarked;
