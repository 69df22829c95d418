/**
 * Makes all results anew, beside those that count, and lets the new ones count once they hold
 * everything that the others hold. Runs in a process of its own, on one thread, beside the stream
 * threads of the generation that it makes.
 */
@NullMarked
package io.tidemark.projector.internal.rebuild;

import org.jspecify.annotations.NullMarked;
