package io.tidemark.faults;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Goes through one list after the other, each page at any edge, to its end. Confined to one thread.
 */
final class ListQueries {
    /** Counts lists that were read to their end. */
    static final String WHOLE = "whole list";

    private static final int PAUSE_MS_MAX = 300;
    private static final List<Integer> LIMITS = List.of(20, 50, 200);
    private static final Verdict PAGE = new Verdict.Right("page");

    private final Asker asker;
    private final KnownStreams streams;
    private final QueryTally tally;
    private final Random random;
    private final Patience patience;

    ListQueries(
            Asker asker,
            KnownStreams streams,
            QueryTally tally,
            Random random,
            Patience.Whole whole) {
        this.asker = asker;
        this.streams = streams;
        this.tally = tally;
        this.random = random;
        this.patience = new Patience(tally, random, whole);
    }

    /** Goes through lists until it is over. */
    Void until(CountDownLatch over) throws InterruptedException {
        while (!over.await(random.nextInt(PAUSE_MS_MAX), TimeUnit.MILLISECONDS)) {
            walk(ListFilter.draw(random, streams));
        }
        return null;
    }

    /** Goes through a list; everything that is wrong is in the tally. */
    ListWalk walk(ListFilter filter) throws InterruptedException {
        var walk = new ListWalk(filter, streams, System.nanoTime());
        var path = "/v1/streams?limit=" + LIMITS.get(random.nextInt(LIMITS.size()));
        var query = filter.query().isEmpty() ? path : path + "&" + filter.query();
        var page = new Page(walk, query);
        Verdict verdict;
        do {
            verdict = patience.ask("list " + filter.query(), page::next);
        } while (verdict.equals(PAGE) && page.cursor != null);
        if (verdict.equals(PAGE)) {
            walk.missing().forEach(missing -> tally.wrong("list " + filter.query(), missing));
            tally.add(WHOLE);
        }
        return walk;
    }

    /** Where a walk is. */
    private final class Page {
        private final ListWalk walk;
        private final String query;
        private @Nullable String cursor;

        Page(ListWalk walk, String query) {
            this.walk = walk;
            this.query = query;
        }

        Verdict next() throws IOException, InterruptedException {
            long askedAt = System.nanoTime();
            int edge = random.nextInt(asker.edges());
            var answer = asker.get(edge, cursor == null ? query : query + "&cursor=" + cursor, -1);
            return answer.status() == 200
                    ? turned(answer.json(), askedAt)
                    : Verdict.otherwise(answer);
        }

        private Verdict turned(JsonNode page, long askedAt) {
            if (!page.path("streams").isArray()) {
                return new Verdict.Wrong("is no list");
            }
            var wrong = walk.page(page, askedAt);
            cursor = page.path("next").asText(null);
            return wrong.isEmpty() ? PAGE : new Verdict.Wrong(String.join("; ", wrong));
        }
    }
}
