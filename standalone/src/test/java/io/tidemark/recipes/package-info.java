/**
 * The programs that {@code docs/analysts.md} prints. They are for readers of that document, who
 * know Kafka and nothing of this code; they use what {@code schemas} publishes, and each runs in
 * one thread of its own, beside those of Kafka's clients. A test compares them with the document,
 * and another runs them.
 */
@NullMarked
package io.tidemark.recipes;

import org.jspecify.annotations.NullMarked;
