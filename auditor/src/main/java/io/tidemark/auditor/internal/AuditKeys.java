package io.tidemark.auditor.internal;

import io.tidemark.schemas.Topics;
import io.tidemark.seal.KeyRing;
import io.tidemark.seal.MasterKeys;
import io.tidemark.seal.Opener;
import io.tidemark.seal.SealCounts;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;

/**
 * Opens what is sealed, where there are master keys and somebody has ever sealed anything. Confined
 * to the audit's thread.
 *
 * @param ring absent where nothing can be opened
 */
public record AuditKeys(Opener opener, @Nullable KeyRing ring) implements AutoCloseable {
    /**
     * Starts to follow the keys, if there can be any.
     *
     * @throws org.apache.kafka.common.KafkaException if they cannot be read
     */
    public static AuditKeys of(
            Map<String, String> kafka, Topics topics, MasterKeys masters, Cluster cluster) {
        if (masters.isEmpty() || !cluster.has(topics.keys())) {
            return new AuditKeys(Opener.withoutKeys(), null);
        }
        var counts = new SealCounts();
        var ring =
                KeyRing.start(kafka, topics.keys().name(), masters, InstantSource.system(), counts);
        return new AuditKeys(new Opener(ring, counts), ring);
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
    }
}
