/**
 * The auditor: reads Tidemark's topics as they are and checks them against {@code
 * docs/protocol.md}, sections 3 to 8. It is an operator's tool and the oracle of tests that break
 * things.
 *
 * <p>{@link io.tidemark.auditor.Auditor} runs one audit, from an {@link
 * io.tidemark.auditor.AuditConfig} to an {@link io.tidemark.auditor.AuditReport}, on the calling
 * thread. It writes nothing and belongs to no consumer group. Records of the public types are
 * immutable.
 */
@NullMarked
package io.tidemark.auditor;

import org.jspecify.annotations.NullMarked;
