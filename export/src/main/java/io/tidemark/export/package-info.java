/**
 * Topics as files that people can open who have never seen this code: {@link
 * io.tidemark.export.Exporter} reads a topic up to its end as it was, keeps what readers would
 * keep, and writes NDJSON or Parquet. {@link io.tidemark.export.ExportTopic} is the table of the
 * topics and of their columns; {@code docs/analysts.md} says the same in prose.
 *
 * <p>An export is confined to the thread that runs it. It writes to no topic, joins no consumer
 * group, and needs memory that does not grow with the topic.
 */
@NullMarked
package io.tidemark.export;

import org.jspecify.annotations.NullMarked;
