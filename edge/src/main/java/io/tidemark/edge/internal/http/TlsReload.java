package io.tidemark.edge.internal.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

/**
 * Looks at the files of TLS again and again, and when they hold something else, makes that what new
 * connections get; those that are open go on as they are. What cannot be used changes nothing, and
 * is logged once: of two files that are replaced one after the other there is a moment at which
 * they do not belong together. The contents are compared, not times: files that are links to
 * others, as secrets of Kubernetes are, change in ways of their own. Has a thread of its own.
 */
final class TlsReload implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TlsReload.class);

    private final Duration interval;
    private final Consumer<SSLContext> use;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    /* Confined to the thread. */
    private TlsMaterial seen;
    private String complaint = "";
    private int complaints;

    /** One that does not look by itself yet. */
    TlsReload(TlsMaterial first, Duration interval, Consumer<SSLContext> use) {
        this.seen = first;
        this.interval = interval;
        this.use = use;
        this.thread = Thread.ofVirtual().name("tidemark-edge-tls").unstarted(this::run);
    }

    /**
     * Starts to look.
     *
     * @param first what is in use
     * @param use told what is to be used from now on; on the thread of this
     */
    static TlsReload start(TlsMaterial first, Duration interval, Consumer<SSLContext> use) {
        var reload = new TlsReload(first, interval, use);
        reload.thread.start();
        return reload;
    }

    private void run() {
        try {
            while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once. */
    void look() {
        try {
            var found = TlsMaterial.read(seen.certificateFile(), seen.keyFile());
            if (!found.sameAs(seen)) {
                use.accept(found.context());
                seen = found;
                complaint = "";
                LOGGER.atInfo().log("certificate replaced");
            }
        } catch (TlsException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    private void complain(String problem) {
        if (!problem.equals(complaint)) {
            complaint = problem;
            complaints++;
            LOGGER.atWarn()
                    .addKeyValue("error", problem)
                    .log("certificate not replaced, the one before is kept");
        }
    }

    /** How often it was said that something cannot be used. */
    int complaints() {
        return complaints;
    }

    @Override
    public void close() {
        stop.countDown();
    }
}
