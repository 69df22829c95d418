package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.ToolBody.ToolStatus;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a response went: status, end, usage, timings and warnings. */
class ResponseOutcomeTest {
    @Test
    void isInProgressUntilItsTerminal() {
        var response = FoldedStream.started().text(0, 0, "a").response();

        assertThat(response.status()).isEqualTo(Response.Status.IN_PROGRESS);
        assertThat(response.outcome()).isNull();
        assertThat(response.timings().endedAt()).isNull();
        assertThat(response.lastSequence()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"COMPLETE, COMPLETED", "INCOMPLETE, INCOMPLETE", "CANCELLED, CANCELLED"})
    void endsAsItsOutcomeSays(Outcome outcome, Response.Status status) {
        var response = FoldedStream.started().say(completed(outcome, null)).response();

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.outcome()).isEqualTo(outcome);
        assertThat(response.finishReason()).isEqualTo("stop");
        assertThat(response.failure()).isNull();
    }

    @Test
    void keepsAllThatIsSaidOfAFailure() {
        var failed =
                new Failed("rate_limited", "Slow down.", true, 2000L, false, 429, "rl", "t", null);
        var stream = FoldedStream.started().say(failed);

        assertThat(stream.response().status()).isEqualTo(Response.Status.FAILED);
        assertThat(stream.response().outcome()).isNull();
        assertThat(stream.response().failure())
                .isEqualTo(
                        new Response.Failure(
                                "rate_limited", "Slow down.", true, 2000L, false, 429, "rl", "t"));
        assertThat(stream.row().failureCode()).isEqualTo("rate_limited");
        assertThat(stream.row().provenance()).isEqualTo(Provenance.NONE);
    }

    @ParameterizedTest
    @CsvSource({"stream.completed, INCOMPLETE", "stream.failed, FAILED"})
    void aTerminalItCannotReadStillEndsItAndGivesALedgerRow(String type, Response.Status status) {
        var raw = Json.MAPPER.createObjectNode().put("type", type);
        var stream = FoldedStream.started().say(new EventBody.Unknown(type, raw));

        assertThat(stream.response().status()).isEqualTo(status);
        assertThat(stream.response().timings().endedAt()).isNotNull();
        assertThat(stream.row().status()).isEqualTo(status);
        assertThat(stream.row().provenance()).isEqualTo(Provenance.NONE);
    }

    @Test
    void makesDoWithoutAStart() {
        var stream = new FoldedStream().text(0, 0, "a").say(completed(Outcome.COMPLETE, null));

        assertThat(stream.response().provider()).isEqualTo("unknown");
        assertThat(stream.response().model()).isEqualTo("unknown");
        assertThat(stream.row().requestedModel()).isEqualTo("unknown");
    }

    @Test
    void namesTheModelThatServedBesideTheOneAskedFor() {
        var response =
                FoldedStream.started()
                        .say(
                                new Status(
                                        Status.ACCEPTED,
                                        "resp_1",
                                        "gpt-5.2-2025",
                                        "flex",
                                        null,
                                        null))
                        .say(Status.of(Status.IN_PROGRESS))
                        .response();

        assertThat(response.model()).isEqualTo("gpt-5.2-2025");
        assertThat(response.requestedModel()).isEqualTo("gpt-5.2");
        assertThat(response.providerResponseId()).isEqualTo("resp_1");
        assertThat(response.serviceTier()).isEqualTo("flex");
    }

    /**
     * Columns: tokens of the last update, whether it was the last word, tokens at the end, whether
     * those are an estimate, and what follows.
     */
    @ParameterizedTest
    @CsvSource({
        " ,      ,  ,      , NONE,      ",
        "7,      ,  ,      , PARTIAL,   7",
        "7, false,  ,      , PARTIAL,   7",
        "7,  true,  ,      , PROVIDER,  7",
        " ,      , 9, false, PROVIDER,  9",
        "7, false, 9, false, PROVIDER,  9",
        "7,  true, 9, false, PROVIDER,  9",
        " ,      , 9,  true, ESTIMATED, 9",
    })
    void usageAtTheEndWinsAndItsProvenanceIsTold(
            @Nullable Long updated,
            @Nullable Boolean lastWord,
            @Nullable Long atEnd,
            @Nullable Boolean estimated,
            Provenance provenance,
            @Nullable Long output) {
        var stream = FoldedStream.started();
        if (updated != null) {
            stream.say(new UsageUpdated(usage(updated, null), null, lastWord));
        }
        stream.say(completed(Outcome.COMPLETE, atEnd == null ? null : usage(atEnd, estimated)));

        assertThat(stream.row().provenance()).isEqualTo(provenance);
        assertThat(stream.row().usage()).isEqualTo(stream.response().usage());
        assertThat(outputOf(stream.row().usage())).isEqualTo(output);
    }

    @Test
    void usageOfATranscriptionIsNotTheGenerations() {
        var stream =
                FoldedStream.started()
                        .say(new UsageUpdated(usage(7, null), null, null))
                        .say(new UsageUpdated(usage(99, null), "transcription", true));

        assertThat(outputOf(stream.response().usage())).isEqualTo(7);
    }

    @Test
    void measuresFromTheStartToTheFirstContentAndToTheEnd() {
        var stream =
                FoldedStream.started()
                        .say(new ToolStatus("web_search", null, "searching"))
                        .after(480)
                        .text(0, 0, "a")
                        .after(1990)
                        .say(completed(Outcome.COMPLETE, usage(50, null)));

        assertThat(stream.response().timings())
                .isEqualTo(
                        new Response.Timings(
                                FoldedStream.STARTED_AT,
                                FoldedStream.STARTED_AT + 500,
                                FoldedStream.STARTED_AT + 2500,
                                500L,
                                2500L,
                                25.0));
        assertThat(stream.row().timings()).isEqualTo(stream.response().timings());
    }

    @Test
    void whatTheModelAsksOfAToolIsItsFirstContentToo() {
        var timings =
                FoldedStream.started()
                        .say(0, new ToolDelta(null, InputKind.JSON, "{", null))
                        .response()
                        .timings();

        assertThat(timings.timeToFirstContentMs()).isEqualTo(10);
    }

    @Test
    void aClockThatIsSetBackGivesNoNegativeTime() {
        var timings =
                FoldedStream.started()
                        .after(-5000)
                        .text(0, 0, "a")
                        .say(completed(Outcome.COMPLETE, usage(50, null)))
                        .response()
                        .timings();

        assertThat(timings.timeToFirstContentMs()).isZero();
        assertThat(timings.totalMs()).isZero();
    }

    @Test
    void keepsTheFirstHundredWarnings() {
        var stream = FoldedStream.started();
        for (int i = 0; i < 150; i++) {
            stream.say(new Warning("w" + i, "m", null));
        }

        assertThat(stream.response().warnings())
                .hasSize(Response.WARNINGS_MAX)
                .startsWith("w0", "w1")
                .endsWith("w99");
    }

    @Test
    void countsAttemptsByTheHighestThatWrote() {
        var fold = new ResponseFold();
        fold.add(2, event(0, Status.of(Status.RETRYING)));
        fold.add(3, event(1, completed(Outcome.COMPLETE, null)));

        assertThat(fold.response().orElseThrow().attempts()).isEqualTo(3);
        assertThat(fold.usageRow().orElseThrow().attempts()).isEqualTo(3);
    }

    private static StreamEvent event(long sequence, EventBody body) {
        return new StreamEvent(FoldedStream.ID, sequence, 1, Placement.NONE, body);
    }

    private static Completed completed(Outcome outcome, @Nullable Usage usage) {
        return new Completed(outcome, "stop", null, null, usage, null, null);
    }

    private static Usage usage(long output, @Nullable Boolean estimated) {
        return new Usage(
                null, output, null, null, null, null, null, null, null, null, null, null, null,
                estimated, null);
    }

    private static @Nullable Long outputOf(@Nullable Usage usage) {
        return usage == null ? null : usage.output();
    }
}
