/**
 * How an export is done: reading partitions one after the other, judging each record as readers do,
 * and writing rows. Only the Parquet classes know the library that writes Parquet. Everything is
 * confined to the thread of the export unless it says otherwise.
 */
@NullMarked
package io.tidemark.export.internal;

import org.jspecify.annotations.NullMarked;
