/**
 * Which Kafka integration tests run on: the embedded one, one in a container, or a cluster that was
 * named. The tests are the same: each asks for a {@link io.tidemark.testkit.TestKafka}, and each
 * says on standard output what it got. For tests only.
 *
 * <p>All tests of a JVM share one Kafka. Test classes run one after the other in it.
 */
@NullMarked
package io.tidemark.testkit;

import org.jspecify.annotations.NullMarked;
