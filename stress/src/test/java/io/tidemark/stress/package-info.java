/** Runs the jcstress tests of this module. */
@NullMarked
package io.tidemark.stress;

import org.jspecify.annotations.NullMarked;
