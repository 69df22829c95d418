package io.tidemark.seal;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What one process has met, for its meters. Thread-safe. */
public final class SealCounts {
    private final Map<Unreadable, LongAdder> unreadable;
    private final LongAdder lookups = new LongAdder();

    /** Nothing yet. */
    public SealCounts() {
        var all = new EnumMap<Unreadable, LongAdder>(Unreadable.class);
        for (var why : Unreadable.values()) {
            all.put(why, new LongAdder());
        }
        unreadable = Collections.unmodifiableMap(all);
    }

    void unreadable(Unreadable why) {
        var counter = unreadable.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    void lookup() {
        lookups.increment();
    }

    /** Events and commands that could not be opened for that reason. */
    public long of(Unreadable why) {
        var counter = unreadable.get(why);
        return counter == null ? 0 : counter.sum();
    }

    /** Keys that were not remembered and were looked for in the topic. */
    public long lookups() {
        return lookups.sum();
    }
}
