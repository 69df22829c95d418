package io.tidemark.seal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lets a reason be said once in a while, however often it is met. Thread-safe. */
final class Seldom {
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Map<Unreadable, Long> saidAt = new ConcurrentHashMap<>();

    /** Whether it has not been said for a while; whoever hears so says it. */
    boolean now(Unreadable why) {
        long now = System.nanoTime();
        var said = saidAt.putIfAbsent(why, now);
        if (said == null) {
            return true;
        }
        return now - said >= SILENCE.toNanos() && saidAt.replace(why, said, now);
    }
}
