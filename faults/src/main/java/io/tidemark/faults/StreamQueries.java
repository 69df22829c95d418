package io.tidemark.faults;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks for one stream after the other, of any age, at any edge, told what its client has seen or
 * not. Confined to one thread.
 */
final class StreamQueries {
    private static final int PAUSE_MS_MAX = 200;

    private final Asker asker;
    private final KnownStreams streams;
    private final Random random;
    private final Patience patience;

    StreamQueries(
            Asker asker,
            KnownStreams streams,
            QueryTally tally,
            Random random,
            Patience.Whole whole) {
        this.asker = asker;
        this.streams = streams;
        this.random = random;
        this.patience = new Patience(tally, random, whole);
    }

    /** Asks until it is over. */
    Void until(CountDownLatch over) throws InterruptedException {
        while (!over.await(random.nextInt(PAUSE_MS_MAX), TimeUnit.MILLISECONDS)) {
            var stream = streams.any(random);
            if (stream.isPresent()) {
                patience.ask("stream " + stream.get().id(), () -> ask(stream.get()));
            }
        }
        return null;
    }

    private Verdict ask(KnownStream stream) throws IOException, InterruptedException {
        int edge = random.nextInt(asker.edges());
        boolean told = random.nextBoolean();
        var before = stream.horizon(edge, told);
        var answer = asker.get(edge, "/v1/streams/" + stream.id(), told ? before.sequence() : -1);
        return ResponseJudge.of(stream, before, answer);
    }
}
