package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StartKey;
import io.tidemark.schemas.StartWord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

class KeyIndexTest {
    private static final int WINDOW_MS = 1_000;
    private static final long HOLD_MS = 100;

    private final Random random = new Random(3);
    private final List<String> forgotten = new ArrayList<>();
    private final KeyIndex index = index(4);

    private KeyIndex index(int keysMax) {
        return new KeyIndex(
                keysMax, Duration.ofMillis(WINDOW_MS), () -> forgotten.add("forgotten"));
    }

    private static StartKey key(int number) {
        return new StartKey("%043d".formatted(number));
    }

    private StreamId id() {
        return StreamId.mint(InstantSource.system(), random, 0);
    }

    private StartWord.Claim claim(String claimant, String fingerprint) {
        return new StartWord.Claim(id(), 0, fingerprint, claimant, HOLD_MS);
    }

    private StartWord.Claim claim(String claimant) {
        return claim(claimant, "same");
    }

    private void started(StartKey key, StreamId id) {
        index.started(key, new StartWord.Started(id, 0));
    }

    @Test
    void theFirstClaimInTheLogNamesTheStream() {
        var first = claim("a");

        assertThat(index.claim(key(1), first, 0).claimant()).isEqualTo("a");
        var second = index.claim(key(1), claim("b"), 10);

        assertThat(second.id()).isEqualTo(first.requestId());
        assertThat(second.claimant()).isEqualTo("a");
    }

    @Test
    void whoeverClaimsAStreamThatWasNotStartedInTimeMayStartIt() {
        var first = claim("a");
        index.claim(key(1), first, 0);

        var late = index.claim(key(1), claim("b"), HOLD_MS);
        var later = index.claim(key(1), claim("c"), HOLD_MS + 1);

        assertThat(late.claimant()).isEqualTo(later.claimant()).isEqualTo("b");
        assertThat(later.id()).isEqualTo(first.requestId());
    }

    @Test
    void nobodyTakesOverWhatWasStarted() {
        var first = claim("a");
        index.claim(key(1), first, 0);
        started(key(1), first.requestId());

        var late = index.claim(key(1), claim("b"), HOLD_MS);

        assertThat(late.claimant()).isEqualTo("a");
        assertThat(late.started()).isTrue();
    }

    @Test
    void nobodyTakesOverWithAnotherBody() {
        index.claim(key(1), claim("a"), 0);

        assertThat(index.claim(key(1), claim("b", "other"), HOLD_MS).claimant()).isEqualTo("a");
    }

    @Test
    void aWordOfAnotherStreamStartsNothing() {
        index.claim(key(1), claim("a"), 0);

        started(key(1), id());
        started(key(2), id());

        assertThat(index.find(key(1), 0).orElseThrow().started()).isFalse();
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void aKeyCountsForItsWindow() {
        var first = claim("a");
        index.claim(key(1), first, 0);
        var anew = claim("b");

        assertThat(index.find(key(1), WINDOW_MS - 1)).isPresent();
        assertThat(index.find(key(1), WINDOW_MS)).isEmpty();
        assertThat(index.claim(key(1), anew, WINDOW_MS).id()).isEqualTo(anew.requestId());
        assertThat(forgotten).isEmpty();
    }

    @Test
    void beyondTheBoundTheKeyClaimedLeastRecentlyIsForgotten() {
        for (int i = 1; i <= 4; i++) {
            index.claim(key(i), claim("a"), i);
        }
        index.claim(key(1), claim("b"), 5);

        index.claim(key(5), claim("a"), 6);

        assertThat(index.find(key(2), 6)).isEmpty();
        assertThat(index.find(key(1), 6)).isPresent();
        assertThat(index.size()).isEqualTo(4);
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void keysThatDoNotCountMakeRoom() {
        index.claim(key(1), claim("a"), 0);

        index.claim(key(2), claim("a"), WINDOW_MS);

        assertThat(index.size()).isEqualTo(1);
        assertThat(forgotten).isEmpty();
    }

    @Test
    void whoWaitsIsToldOfTheStart() throws Exception {
        var first = claim("a");
        index.claim(key(1), first, 0);
        var waiting = CompletableFuture.supplyAsync(this::awaitLong);

        started(key(1), first.requestId());

        assertThat(waiting.get()).isTrue();
        assertThat(index.awaitStarted(key(2), Duration.ofDays(1))).isFalse();
    }

    private boolean awaitLong() {
        try {
            return index.awaitStarted(key(1), Duration.ofMinutes(5));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoWaitsInVainIsToldSo() throws Exception {
        index.claim(key(1), claim("a"), 0);

        assertThat(index.awaitStarted(key(1), Duration.ofMillis(1))).isFalse();
    }

    private record Entry(StartKey key, StartWord.Claim claim, long at) {}

    /* An edge that starts later reads no more than what retention has left: two windows. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anEdgeThatBeginsLaterAgreesOnEveryKeyThatCounts(long seed) {
        var source = new Random(seed);
        var whole = index(1_000);
        var log = new ArrayList<Entry>();
        long now = 0;
        for (int i = 0; i < 4_000; i++) {
            now += source.nextInt(20);
            var key = key(source.nextInt(60));
            /* Edges that know the key write no claim; some do not know it yet. */
            if (whole.find(key, now).isEmpty() || source.nextInt(20) == 0) {
                log.add(new Entry(key, claim("c" + i), now));
                whole.claim(key, log.getLast().claim(), now);
            }
        }
        int cut = source.nextInt(log.size() / 2);
        var later = index(1_000);
        Map<StartKey, Long> firstOfRun = new HashMap<>();
        Map<StartKey, Long> lastOfKey = new HashMap<>();
        for (int i = 0; i < log.size(); i++) {
            var entry = log.get(i);
            var last = lastOfKey.put(entry.key(), entry.at());
            if (last == null || entry.at() - last >= WINDOW_MS) {
                firstOfRun.put(entry.key(), (long) i);
            }
            if (i >= cut) {
                later.claim(entry.key(), entry.claim(), entry.at());
            }
        }
        for (var run : firstOfRun.entrySet()) {
            if (run.getValue() >= cut) {
                assertThat(later.find(run.getKey(), now)).isEqualTo(whole.find(run.getKey(), now));
            }
        }
    }
}
