package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.CommandCodec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /**
     * Writes these leases and waits until they are in the log.
     *
     * @return whether they were, in that time
     */
    boolean writeNow(List<Lease> leases, Duration longest) {
        var written = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .name("tidemark-last-leases")
                .start(() -> {
                    try {
                        var sent =
                                leases.stream()
                                        .map(lease -> CommandCodec.record(topicName, lease))
                                        .map(producer::sent)
                                        .toList();
                        sent.forEach(lease -> LogProducer.await(lease, "write a lease"));
                        written.complete(null);
                    } catch (RuntimeException | Error e) {
                        written.completeExceptionally(e);
                    }
                });
        try {
            written.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("last leases not written");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
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
