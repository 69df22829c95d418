package io.tidemark.edge.internal.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The public keys that an issuer signs with, as its JWK set says (RFC 7517). They are read again
 * when a token names one that is not known, but no more often than every {@link #INTERVAL}, and
 * when they are older than {@link #AGE_MAX}. What cannot be read changes nothing: the last good set
 * is kept. Thread-safe; {@link #find} may wait for the set to be read.
 */
final class TrustedKeys {
    private static final Logger LOGGER = LoggerFactory.getLogger(TrustedKeys.class);

    /** Least time between two reads, whoever asks for them. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    /**
     * How long a set is believed without being read again: a key that was taken out is in use that
     * long.
     */
    static final Duration AGE_MAX = Duration.ofMinutes(10);

    private static final int KEYS_MAX = 100;
    /* Callers that wait for a read under way; beyond, their tokens are refused. */
    private static final int WAITING_MAX = 256;
    private static final Duration WAIT_MAX = Duration.ofSeconds(6);

    /** Where the JSON of the set comes from. */
    interface Source {
        /** Reads it; bounded in time and size. */
        String read() throws IOException, InterruptedException;
    }

    private record Known(JWKSet set, long readAtMs) {}

    private final Source source;
    private final InstantSource clock;
    private final ReentrantLock reading = new ReentrantLock();
    /* Written with the lock. */
    private volatile Known known = new Known(new JWKSet(), Long.MIN_VALUE);
    private volatile long triedAtMs = Long.MIN_VALUE;

    TrustedKeys(Source source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /**
     * Reads the set.
     *
     * @throws IOException if it cannot be read or is none
     */
    void load() throws IOException, InterruptedException {
        triedAtMs = clock.millis();
        known = new Known(parse(source.read()), clock.millis());
    }

    /** The key of that name; waits for a read only where it is not known. */
    Optional<JWK> find(@Nullable String keyId) throws InterruptedException {
        var before = known;
        var key = key(before, keyId);
        if (key.isEmpty()) {
            readAgain();
            return key(known, keyId);
        }
        if (before.readAtMs() + AGE_MAX.toMillis() < clock.millis() && due()) {
            Thread.ofVirtual().name("tidemark-edge-issuer-keys").start(this::refresh);
        }
        return key;
    }

    private void refresh() {
        try {
            readAgain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<JWK> key(Known known, @Nullable String keyId) {
        return keyId == null
                ? Optional.empty()
                : Optional.ofNullable(known.set().getKeyByKeyId(keyId));
    }

    private void readAgain() throws InterruptedException {
        if (!due() && !reading.isLocked()) {
            return;
        }
        if (reading.getQueueLength() >= WAITING_MAX
                || !reading.tryLock(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
        }
        try {
            if (due()) {
                load();
            }
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.toString())
                    .log("keys of the issuer cannot be read, the last ones are kept");
        } finally {
            reading.unlock();
        }
    }

    private boolean due() {
        return triedAtMs + INTERVAL.toMillis() <= clock.millis();
    }

    private static JWKSet parse(String json) throws IOException {
        try {
            var set = JWKSet.parse(json).toPublicJWKSet();
            if (set.isEmpty() || set.size() > KEYS_MAX) {
                throw new IOException(
                        "a JWK set must have 1 to %d public keys, found %d"
                                .formatted(KEYS_MAX, set.size()));
            }
            return set;
        } catch (ParseException e) {
            throw new IOException("not a JWK set", e);
        }
    }
}
