/**
 * The contract between everything that writes and everything that reads a stream: {@link
 * io.tidemark.schemas.StreamEvent events} and their codec, {@link io.tidemark.schemas.StreamId
 * ids}, {@link io.tidemark.schemas.Command commands}, topics and record headers, the {@link
 * io.tidemark.schemas.ReaderGuard guard} every reader uses, and the {@link
 * io.tidemark.schemas.ResponseFold fold} from events to a {@link io.tidemark.schemas.Response}, and
 * what is made of a {@link io.tidemark.schemas.UsageRow}: its {@link io.tidemark.schemas.Cost cost}
 * and the {@link io.tidemark.schemas.Rollup rollup} of a minute. {@code docs/protocol.md} says the
 * same in prose.
 *
 * <p>Records here are immutable and may be shared between threads. The guard and the fold are
 * confined to one thread each. Nothing here starts a thread, and only {@link
 * io.tidemark.schemas.TopicProvisioner} talks to a broker.
 */
@NullMarked
package io.tidemark.schemas;

import org.jspecify.annotations.NullMarked;
