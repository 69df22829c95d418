/**
 * What the tail and the readers' loops do to each other, in every order that the machine can find:
 * jcstress tests of the places where one side does not wait for the other. They stand in the
 * package that they test, whose classes are not public.
 */
@NullMarked
package io.tidemark.edge.internal.live;

import org.jspecify.annotations.NullMarked;
