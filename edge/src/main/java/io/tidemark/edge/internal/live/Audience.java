package io.tidemark.edge.internal.live;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The readers of one stream on one loop. However many there are, and however many frames arrive
 * meanwhile, the loop is woken once; it then lets each of them write what is new.
 *
 * <p>{@link #wake()} may be called by any thread; everything else belongs to the loop, except
 * {@link #size()}, which may lag.
 */
final class Audience {
    private final Loop loop;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Set<Reader> readers = new LinkedHashSet<>();
    private volatile int size;

    Audience(Loop loop) {
        this.loop = loop;
    }

    Loop loop() {
        return loop;
    }

    void wake() {
        if (size > 0 && woken.compareAndSet(false, true)) {
            loop.execute(this::run);
        }
    }

    private void run() {
        /* Before the readers look: a frame that comes from here on wakes the loop again. */
        woken.set(false);
        for (var reader : new ArrayList<>(readers)) {
            reader.wake();
        }
    }

    void add(Reader reader) {
        readers.add(reader);
        size = readers.size();
    }

    void remove(Reader reader) {
        readers.remove(reader);
        size = readers.size();
    }

    int size() {
        return size;
    }
}
