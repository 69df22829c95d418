package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Response.Status;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Usage;
import io.tidemark.schemas.UsageRow;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class AccountingTest {
    private static final StreamId ONE = id(1);
    private static final StreamId OTHER = id(2);

    private final Ledger ledger = Ledger.empty();
    private final List<String> journal = new ArrayList<>();
    private final Set<StreamId> streams = new HashSet<>();

    @Test
    void theSumsOfBothSidesAreTheSame() throws Exception {
        completed(ONE, "resp_1", 2, 30, 10);
        completed(OTHER, "resp_2", 3, 40, 0);

        var accounting = accounting();

        assertThat(accounting.problems()).isEmpty();
        assertThat(accounting.ledger().named())
                .containsEntry("input", 5L)
                .containsEntry("output", 70L)
                .containsEntry("reasoning", 10L)
                .containsEntry("total", 75L);
        assertThat(accounting.provider()).isEqualTo(accounting.ledger());
        assertThat(accounting.rollups()).isEqualTo(accounting.ledger());
    }

    @Test
    void aTokenTooManyNamesItsStream() throws Exception {
        journal.add(line("resp_1", 2, 30, 0));
        ended(ONE, Status.COMPLETED, LedgerTexts.usage(2, 31, 0), "resp_1");

        assertThat(accounting().problems())
                .anyMatch(it -> it.startsWith("stream " + ONE) && it.contains("output=31"))
                .anyMatch(it -> it.contains("come to"));
    }

    @Test
    void aSecondRowIsAProblemEvenIfItIsTheSame() throws Exception {
        completed(ONE, "resp_1", 2, 30, 0);
        row(LedgerTexts.row(ONE, Status.COMPLETED, LedgerTexts.usage(2, 30, 0)));

        assertThat(accounting().problems()).contains("stream " + ONE + " has 2 usage rows");
    }

    @Test
    void aStreamWithoutARowIsAProblem() throws Exception {
        streams.add(ONE);

        assertThat(accounting().problems())
                .contains(
                        "stream " + ONE + " has 0 usage rows",
                        "stream " + ONE + " has 0 responses");
    }

    @Test
    void whatTheProviderSentWhileTheStreamWasCancelledIsToldApart() throws Exception {
        journal.add(line("resp_1", 2, 30, 0));
        ended(ONE, Status.CANCELLED, null, "resp_1");

        var accounting = accounting();

        assertThat(accounting.problems()).isEmpty();
        assertThat(accounting.unclaimedAnswers()).isEqualTo(1);
        assertThat(accounting.unclaimed()).isEqualTo(accounting.provider());
        assertThat(accounting.ledger()).isEqualTo(TokenSums.NONE);
    }

    @Test
    void anAnswerThatNoStreamCanHaveHadIsAProblem() throws Exception {
        journal.add(line("resp_1", 2, 30, 0));
        journal.add(line("resp_2", 2, 30, 0));
        ended(ONE, Status.CANCELLED, null, null);

        assertThat(accounting().problems())
                .containsExactly(
                        "2 answers of the provider are in no stream, and 1 streams may have had one");
    }

    @Test
    void aCompleteStreamWithoutFiguresIsAProblem() throws Exception {
        journal.add(line("resp_1", 2, 30, 0));
        ended(ONE, Status.COMPLETED, null, "resp_1");

        assertThat(accounting().problems())
                .containsExactly("stream " + ONE + " is completed and has no figures");
    }

    @Test
    void rollupsThatCountARowTwiceAreAProblem() throws Exception {
        completed(ONE, "resp_1", 2, 30, 0);
        ledger.rollups().computeIfPresent("1", (_, rollup) -> rollup.plus(rollup));

        assertThat(accounting().problems())
                .anyMatch(it -> it.startsWith("the rollups come to"))
                .contains("the rollups have 2 requests, and the ledger has 1");
    }

    private Accounting accounting() throws IOException {
        return Accounting.of(streams, ProviderAccount.of(journal), ledger);
    }

    private void completed(StreamId id, String answer, long input, long output, long reasoning) {
        journal.add(line(answer, input, output, reasoning));
        ended(id, Status.COMPLETED, LedgerTexts.usage(input, output, reasoning), answer);
    }

    private void ended(StreamId id, Status status, @Nullable Usage usage, @Nullable String answer) {
        streams.add(id);
        var row = LedgerTexts.row(id, status, usage);
        row(row);
        var rollup = RollupCodec.decode(RollupCodec.encode(LedgerTexts.rollup(row)));
        ledger.rollups().put(Integer.toString(streams.size()), rollup);
        ledger.responses()
                .computeIfAbsent(id, _ -> new ArrayList<>())
                .add(new Ledger.Published(LedgerTexts.response(id, status, "", 9, answer), "hash"));
    }

    private void row(UsageRow row) {
        ledger.rows().computeIfAbsent(row.requestId(), _ -> new ArrayList<>()).add(row);
    }

    private static String line(String answer, long input, long output, long reasoning) {
        return "{\"answerId\":\"%s\",\"inputTokens\":%d,\"outputTokens\":%d,\"reasoningTokens\":%d}"
                .formatted(answer, input, output, reasoning);
    }

    private static StreamId id(long seed) {
        return StreamId.mint(InstantSource.system(), new Random(seed), 0);
    }
}
