/**
 * How the auditor reads and judges: one partition after the other, first its events, then what was
 * made of them. What judges ({@code PartitionAudit} and below) is given records and knows no
 * broker; what reads ({@code LogReader}, {@code ProjectorProgress}) judges nothing. Everything here
 * is confined to the thread of its audit.
 */
@NullMarked
package io.tidemark.auditor.internal;

import org.jspecify.annotations.NullMarked;
