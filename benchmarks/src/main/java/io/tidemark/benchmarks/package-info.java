/**
 * JMH benchmarks of single classes. They are run by hand and compared within one run, never in a
 * test; the whole system is measured by {@code ./tidemark bench}.
 *
 * <p>Each benchmark says how to run it. State is per thread unless a class says otherwise.
 */
@NullMarked
package io.tidemark.benchmarks;

import org.jspecify.annotations.NullMarked;
