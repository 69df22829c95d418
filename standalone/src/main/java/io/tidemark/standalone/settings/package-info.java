/**
 * Settings: the table of keys, where their values come from, and the errors that name what is wrong
 * with them. A file comes first, then the environment, then the command line; the later wins.
 *
 * <p>Everything is read once at start, on the main thread, into immutable values.
 */
@NullMarked
package io.tidemark.standalone.settings;

import org.jspecify.annotations.NullMarked;
