package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.faults.KnownStream.ListedEnd;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

class ListWalkTest {
    private static final StreamShape SHAPE =
            new StreamShape(Duration.ZERO, 7, Duration.ZERO, null, false, false);

    private final StreamId older = id(1);
    private final StreamId newer = id(2);
    private final KnownStreams streams = new KnownStreams(1);

    @Test
    void allThatIsOwedInOrderIsRight() {
        seen(older);
        seen(newer);
        var walk = walk(ListFilter.ALL);

        assertThat(walk.page(page("in_progress", newer, older), System.nanoTime())).isEmpty();
        assertThat(walk.missing()).isEmpty();
    }

    @Test
    void aStreamThatWasInTheLogBeforeAndIsInNoPageIsMissing() {
        seen(older);
        seen(newer);
        var walk = walk(ListFilter.ALL);

        walk.page(page("in_progress", newer), System.nanoTime());

        assertThat(walk.missing()).containsExactly("stream " + older + " is not in the list");
    }

    @Test
    void whatCameWhileTheListWasReadIsOwedToNobody() {
        var walk = walk(ListFilter.ALL);
        seen(newer);

        assertThat(walk.missing()).isEmpty();
    }

    @Test
    void aStreamOnTwoPagesIsWrongAndSoIsOneOutOfOrder() {
        var walk = walk(ListFilter.ALL);

        assertThat(walk.page(page("in_progress", older, newer), 0))
                .containsExactly("stream " + newer + " is behind the older " + older);
        assertThat(walk.page(page("in_progress", older), 0))
                .containsExactly("stream " + older + " is in the list twice");
    }

    @Test
    void whatHadEndedBeforeThePageWasAskedForHasEnded() {
        seen(older);
        streams.saw(older.toString(), 0, 9, true);
        var walk = walk(ListFilter.ALL);

        assertThat(walk.page(page("in_progress", older), System.nanoTime())).hasSize(1);
    }

    @Test
    void whatIsToldOfAnEndIsKept() {
        seen(older);
        walk(ListFilter.ALL).page(page("cancelled", older), 0);

        assertThat(streams.find(older).orElseThrow().listed())
                .containsExactly(new ListedEnd("cancelled", -1, 3, -1));
    }

    private ListWalk walk(ListFilter filter) {
        return new ListWalk(filter, streams, System.nanoTime());
    }

    private void seen(StreamId id) {
        streams.started(id.toString(), SHAPE);
        streams.saw(id.toString(), 0, 0, false);
    }

    private static JsonNode page(String status, StreamId... ids) {
        var page = new ObjectMapper().createObjectNode();
        var entries = page.putArray("streams");
        for (var id : ids) {
            entries.addObject()
                    .put("requestId", id.toString())
                    .put("status", status)
                    .putObject("usage")
                    .put("output", 3);
        }
        return page;
    }

    private static StreamId id(long second) {
        return StreamId.mint(() -> Instant.ofEpochSecond(second), new Random(1), 0);
    }
}
