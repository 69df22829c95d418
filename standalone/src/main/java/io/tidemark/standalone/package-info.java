/**
 * The {@code tidemark} command: every role alone, all of them in one process, the demonstration and
 * the benchmark. This is where constructors are wired by hand and settings become the roles' own
 * configuration.
 *
 * <p>Commands run on the main thread and wait there for the process to be stopped; stopping happens
 * on the JVM's shutdown thread.
 */
@NullMarked
package io.tidemark.standalone;

import org.jspecify.annotations.NullMarked;
