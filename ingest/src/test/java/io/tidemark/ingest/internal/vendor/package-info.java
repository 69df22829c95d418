/**
 * The vendors' own SDKs, as a second opinion: what they know by name, and what they make of
 * recorded streams. Only tests know them.
 *
 * <p>Everything here is confined to the thread of one test.
 */
@NullMarked
package io.tidemark.ingest.internal.vendor;

import org.jspecify.annotations.NullMarked;
