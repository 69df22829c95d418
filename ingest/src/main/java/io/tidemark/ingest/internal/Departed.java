package io.tidemark.ingest.internal;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A partition that is somebody else's by now, and the streams of it that are still in flight here.
 * Confined to the command loop's thread.
 *
 * @param from offset of the first command that was not acted on for these streams
 * @param intake sets nothing aside any more
 */
record Departed(int partition, long from, Intake intake, PartitionStreams streams) {
    /** Acts on the next command as far as it concerns the streams in flight. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        intake.read(record)
                .ifPresent(command -> {
                    streams.read(record.timestamp(), command);
                    streams.overhear(command);
                });
    }

    /** Whether the last of its streams has ended. */
    boolean isOver() {
        return streams.runs().isEmpty();
    }
}
