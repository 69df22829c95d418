package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.CommandCodec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes leases beside the command loop, since a full producer buffer may block. One round at a
 * time: a round that finds the last one still at it is left out, and a lease that Kafka does not
 * take is forgotten, for a newer one follows. Thread-safe.
 */
final class LeaseWriter {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaseWriter.class);

    private final LogProducer producer;
    private final String topicName;
    private final AtomicBoolean busy = new AtomicBoolean();

    LeaseWriter(LogProducer producer, String topicName) {
        this.producer = producer;
        this.topicName = topicName;
    }

    /** Writes these leases; does not wait. */
    void write(List<Lease> leases) {
        if (!leases.isEmpty() && busy.compareAndSet(false, true)) {
            Thread.ofVirtual().name("tidemark-leases").start(() -> writeAll(leases));
        }
    }

    private void writeAll(List<Lease> leases) {
        try {
            for (var lease : leases) {
                producer.send(
                        CommandCodec.record(topicName, lease),
                        (_, failure) -> {
                            if (failure != null) {
                                LOGGER.atWarn()
                                        .addKeyValue("partition", lease.partition())
                                        .addKeyValue("error", failure.toString())
                                        .log("lease not written");
                            }
                        });
            }
        } finally {
            busy.set(false);
        }
    }
}
