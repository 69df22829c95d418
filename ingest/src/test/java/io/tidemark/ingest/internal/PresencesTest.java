package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.Command.Presence;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;

class PresencesTest {
    private static final Duration GRACE = Duration.ofSeconds(4);
    private static final long BEGIN = 1_795_000_000_000L;

    private final Presences presences = new Presences(GRACE);
    private final StreamId id = TestStreams.mint();
    private long time = BEGIN;

    private void watch() {
        pass(0);
        presences.watch(TestStreams.start(id, OnDisconnect.CANCEL), false);
    }

    /** Records come by, one a second as leases do, for so many seconds. */
    private List<StreamId> pass(int seconds) {
        var deserted = new ArrayList<>(tick());
        for (int i = 0; i < seconds; i++) {
            time += 1_000;
            deserted.addAll(tick());
        }
        return deserted;
    }

    private List<StreamId> tick() {
        return presences.read(time, new Command.Claim(0, 0, "w"));
    }

    private List<StreamId> say(String edge, int readers, long validMs) {
        return presences.read(time, new Presence(id, 0, edge, readers, validMs));
    }

    @Test
    void aStreamThatNobodyEverReadIsDesertedBehindTheGracePeriodOnce() {
        watch();

        assertThat(pass(4)).isEmpty();
        assertThat(pass(1)).containsExactly(id);
        assertThat(pass(60)).isEmpty();
    }

    @Test
    void aStreamThatGoesOnUnreadIsNeverDeserted() {
        pass(0);
        presences.watch(TestStreams.start(id, OnDisconnect.CONTINUE), false);

        assertThat(pass(60)).isEmpty();
    }

    @Test
    void aReaderThatMovesToAnotherEdgeWithinTheGracePeriodIsNotMissed() {
        watch();
        pass(3);
        say("edge-1", 1, 30_000);
        pass(20);
        say("edge-1", 0, 0);
        assertThat(pass(3)).isEmpty();
        say("edge-2", 1, 30_000);

        assertThat(pass(29)).isEmpty();
    }

    @Test
    void goodbyesOfOneEdgeSayNothingOfAnother() {
        watch();
        say("edge-1", 1, 30_000);
        say("edge-2", 2, 30_000);
        say("edge-2", 0, 0);

        assertThat(pass(30)).isEmpty();
    }

    @Test
    void theGracePeriodBeginsWhenTheLastEdgeSaysGoodbye() {
        watch();
        say("edge-1", 1, 300_000);
        say("edge-2", 1, 300_000);
        pass(10);
        say("edge-1", 0, 0);
        pass(10);
        say("edge-2", 0, 0);

        assertThat(pass(4)).isEmpty();
        assertThat(pass(1)).containsExactly(id);
    }

    @Test
    void anEdgeThatFallsSilentIsGoneWhenItsWordHasLapsed() {
        watch();
        say("edge-1", 1, 6_000);
        pass(5);
        say("edge-1", 1, 6_000);

        assertThat(pass(6 + 4)).isEmpty();
        assertThat(pass(1)).containsExactly(id);
    }

    @Test
    void aWordWithoutValidityHoldsForItsMoment() {
        watch();
        pass(3);
        presences.read(time, new Presence(id, 0, "edge-1", 1, null));

        assertThat(pass(4)).isEmpty();
        assertThat(pass(1)).containsExactly(id);
    }

    @Test
    void noWordHoldsForEver() {
        watch();
        say("edge-1", 1, Presence.VALID_MAX.toMillis());

        var longest = (int) Presence.VALID_MAX.plus(GRACE).toSeconds();
        assertThat(pass(longest)).isEmpty();
        assertThat(pass(1)).containsExactly(id);
    }

    /* Nobody could say anything in that time. */
    @Test
    void theSilenceOfTheLogItselfIsNotHeldAgainstReaders() {
        watch();
        say("edge-1", 1, 6_000);
        time += Duration.ofMinutes(10).toMillis();

        assertThat(tick()).isEmpty();
        assertThat(pass(5)).isEmpty();
        say("edge-1", 1, 6_000);
        assertThat(pass(10)).isEmpty();
    }

    @Test
    void recordsThatAreReadAgainTakeNoTime() {
        watch();
        pass(4);
        long newest = time;
        time = BEGIN;
        assertThat(pass(4)).isEmpty();

        time = newest;
        assertThat(pass(1)).containsExactly(id);
    }

    /* What edges said of it before is not known; they say it again meanwhile. */
    @Test
    void aStreamThatWasTakenOverIsGivenTimeForEdgesToSpeak() {
        pass(0);
        presences.watch(TestStreams.start(id, OnDisconnect.CANCEL), true);

        var least = (int) Presences.HEARSAY_MIN.toSeconds();
        assertThat(pass(least)).isEmpty();
        assertThat(pass(1)).containsExactly(id);
    }

    @Test
    void theGracePeriodBeginsWhenTheStreamDoes() {
        pass(100);
        presences.watch(TestStreams.start(id, OnDisconnect.CANCEL), false);

        assertThat(pass(4)).isEmpty();
        assertThat(pass(1)).containsExactly(id);
    }

    @Test
    void aStreamThatHasEndedIsForgotten() {
        watch();
        presences.forget(id);

        assertThat(say("edge-1", 1, 0)).isEmpty();
        assertThat(pass(60)).isEmpty();
    }

    @Test
    void ofTooManyEdgesThoseWhoseWordsLapseLastAreRemembered() {
        watch();
        for (int i = 0; i <= Presences.EDGES_MAX; i++) {
            say("edge-" + i, 1, 10_000 + i * 1_000L);
        }
        for (int i = 1; i <= Presences.EDGES_MAX; i++) {
            assertThat(pass(0)).isEmpty();
            say("edge-" + i, 0, 0);
        }

        assertThat(pass(4)).isEmpty();
        assertThat(pass(1)).as("the first was forgotten").containsExactly(id);
    }

    /** Against a model that asks after each record who was heard of last, and when. */
    @Test
    void agreesWithWhatWasSaidWhoeverSaysWhatWhen() {
        var random = new Random(Seeds.next());
        var readUntil = new HashMap<String, Long>();
        watch();
        long absentSince = time;
        for (int i = 0; i < 5_000; i++) {
            time += random.nextInt(1_500);
            var edge = "edge-" + random.nextInt(3);
            int readers = random.nextInt(2);
            long valid = random.nextInt(4_000);
            boolean speaks = random.nextInt(4) == 0;
            var deserted = speaks ? say(edge, readers, valid) : tick();
            if (speaks && readers > 0) {
                readUntil.put(edge, time + valid);
            } else if (speaks) {
                readUntil.remove(edge);
                absentSince = time;
            }
            long end = readUntil.values().stream().reduce(absentSince, Math::max) + 4_000;

            assertThat(deserted.contains(id)).as("step %d", i).isEqualTo(end < time);
            if (!deserted.isEmpty()) {
                readUntil.clear();
                presences.watch(TestStreams.start(id, OnDisconnect.CANCEL), false);
                absentSince = time;
            }
        }
    }
}
