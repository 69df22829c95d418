package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.IngestMetrics.Resumed;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Wherever a response is cut off, what is written of it in the end is what it would have been. */
class ResumptionTest {
    private static final List<Draft> UNCUT = ResumedResponse.uncut();
    private static final int FRAMES = ResumedResponse.FRAMES.size();
    /* The first frame says what the provider calls the response. */
    private static final int UNNAMED = 1;

    @Test
    void theStreamHasEverythingThatIsToBeCut() {
        assertThat(UNCUT.getLast().body()).isInstanceOf(Completed.class);
        assertThat(UNCUT).hasSizeGreaterThan(FRAMES);
    }

    @Test
    void aConnectionLostBehindAnyFrameIsReadOn() {
        for (int cut = UNNAMED; cut < FRAMES; cut++) {
            for (int overlap = 0; overlap < 3; overlap++) {
                try (var response = new ResumedResponse(ResumedResponse.FRAMES)) {
                    read(response, cut);
                    response.reconnect(overlap);
                    response.readToEnd();

                    assertThat(response.written()).as("cut behind frame %d", cut).isEqualTo(UNCUT);
                    assertThat(response.counted(Resumed.RESUMED)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aWorkerThatDiesAnywhereInAFrameIsFollowedByOneThatGoesOnThere() {
        for (int cut = UNNAMED; cut < FRAMES; cut++) {
            int drafts = Integer.MAX_VALUE;
            for (int written = 0; written <= drafts; written++) {
                try (var response = new ResumedResponse(ResumedResponse.FRAMES)) {
                    read(response, cut);
                    drafts = response.readAndDie(written);
                    if (response.written().equals(UNCUT)) {
                        break; // the terminal is in the log: nobody reads it again
                    }
                    response.takeOver();
                    response.readToEnd();

                    assertThat(response.written())
                            .as("died in frame %d, %d written", cut, written)
                            .isEqualTo(UNCUT);
                    assertThat(response.resumed()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void manyLossesAndDeathsLoseAndDoubleNothing() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int trial = 0; trial < 300; trial++) {
            try (var response = new ResumedResponse(ResumedResponse.FRAMES)) {
                response.read();
                while (response.more()) {
                    disturb(response, random);
                }
                assertThat(response.written())
                        .as("seed %d, trial %d", seed, trial)
                        .isEqualTo(UNCUT);
            }
        }
    }

    private static void disturb(ResumedResponse response, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> {
                response.readAndDie(random.nextInt(4));
                if (!(response.written().getLast().body() instanceof Completed)) {
                    response.takeOver();
                }
            }
            case 1 -> response.reconnect(random.nextInt(3));
            default -> response.read();
        }
    }

    private static void read(ResumedResponse response, int frames) {
        for (int i = 0; i < frames; i++) {
            response.read();
        }
    }

    @Test
    void otherTextOfTheSameShapeIsNoContinuation() {
        var frames = new ArrayList<>(ResumedResponse.FRAMES);
        frames.replaceAll(frame -> frame.replace("salt ", "malt "));

        assertContradicts(12, frames);
    }

    @Test
    void anotherResponseIsNoContinuation() {
        var frames = new ArrayList<>(ResumedResponse.FRAMES);
        frames.replaceAll(frame -> frame.replace("resp_1", "resp_2"));

        assertContradicts(12, frames);
    }

    @Test
    void aResponseThatEndsBeforeTheLogDoesIsNoContinuation() {
        var frames = new ArrayList<>(ResumedResponse.FRAMES.subList(0, 9));
        frames.add(ResumedResponse.FRAMES.getLast());

        assertContradicts(12, frames);
    }

    @Test
    void aResponseThatSaysLessIsNoContinuation() {
        var frames = new ArrayList<>(ResumedResponse.FRAMES);
        frames.set(10, "{\"type\":\"keepalive\"}");

        assertContradicts(12, frames);
    }

    @Test
    void whatAWorkerClosedBeforeItDiedIsNotReopened() {
        try (var before = new ResumedResponse(ResumedResponse.FRAMES)) {
            read(before, 12);
            before.write(
                    new Draft(
                            before.written().getLast().placement(),
                            new ItemCompleted("message", ItemStatus.INCOMPLETE, null, null)));
            int written = before.written().size();
            before.takeOver();
            before.readToEnd();

            assertThat(before.written()).hasSize(written);
            assertThat(before.counted(Resumed.CONTRADICTED)).isEqualTo(1);
        }
    }

    private static void assertContradicts(int read, List<String> again) {
        try (var before = new ResumedResponse(ResumedResponse.FRAMES);
                var after = new ResumedResponse(again)) {
            read(before, read);
            before.written().forEach(after::write);
            int written = after.written().size();
            after.takeOver();
            after.readToEnd();

            assertThat(after.ended()).isTrue();
            assertThat(after.joined()).isFalse();
            assertThat(after.written()).hasSize(written);
            assertThat(after.counted(Resumed.CONTRADICTED)).isEqualTo(1);
        }
    }

    @Test
    void aResponseThatWasNotNamedCannotBeReadAgain() {
        try (var response = new ResumedResponse(ResumedResponse.FRAMES)) {
            assertThat(response.named()).isFalse();

            response.read();

            assertThat(response.named()).isTrue();
        }
    }
}
