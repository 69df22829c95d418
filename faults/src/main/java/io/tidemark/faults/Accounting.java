package io.tidemark.faults;

import io.tidemark.schemas.Response.Status;
import io.tidemark.schemas.Rollup;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ledger compared with what the provider says that its answers used. Immutable.
 *
 * <p>A stream has one row. One that the provider ended has the figures of its answer, to the token.
 * One that was cancelled or failed has none, even if the provider had sent all of the answer by
 * then: such answers are told apart, and each belongs to a stream of that kind.
 *
 * @param provider all that the provider accounts for
 * @param unclaimed what of it belongs to streams that were cancelled or failed
 * @param unclaimedAnswers how many answers those are
 * @param ledger the sum of all rows
 * @param rollups the sum of all rollups
 * @param problems what is wrong, beginning with the stream if it is one
 */
record Accounting(
        TokenSums provider,
        TokenSums unclaimed,
        long unclaimedAnswers,
        TokenSums ledger,
        TokenSums rollups,
        List<String> problems) {
    Accounting {
        problems = List.copyOf(problems);
    }

    /**
     * Compares.
     *
     * @param streams all that were started, and have ended
     */
    static Accounting of(Set<StreamId> streams, ProviderAccount account, Ledger ledger) {
        return new Comparison(account, ledger, new ArrayList<>(), new HashSet<>(), new HashSet<>())
                .of(streams);
    }

    /**
     * Used once.
     *
     * @param claimed answers that a row has the figures of
     * @param named answers of streams that have no figures
     */
    private record Comparison(
            ProviderAccount account,
            Ledger ledger,
            List<String> problems,
            Set<String> claimed,
            Set<String> named) {
        Accounting of(Set<StreamId> streams) {
            account.twice().forEach(it -> problems.add("the provider accounts twice for " + it));
            problems.addAll(ledger.unreadable());
            ledger.rows().keySet().stream()
                    .filter(id -> !streams.contains(id))
                    .forEach(id -> problem(id, "has a usage row, and was never started"));
            var rows = TokenSums.NONE;
            int nameless = 0;
            for (var id : streams) {
                var row = one(id, "usage rows", ledger.rows().get(id));
                var published = one(id, "responses", ledger.responses().get(id));
                if (row != null && published != null) {
                    nameless += compare(row, published.response().providerResponseId());
                }
            }
            for (var all : ledger.rows().values()) {
                for (var row : all) {
                    rows = rows.plus(figures(row));
                }
            }
            var unclaimed = unclaimed(nameless);
            var provider = sum(account.answers().values());
            var rolledUp = rollups();
            compare("the provider without what nobody is charged for", sum(account, claimed), rows);
            compare("the rollups", rolledUp, rows);
            compareCounts();
            return new Accounting(
                    provider, sum(account, unclaimed), unclaimed.size(), rows, rolledUp, problems);
        }

        private void problem(StreamId id, String what) {
            problems.add("stream " + id + " " + what);
        }

        private <T> @Nullable T one(StreamId id, String what, @Nullable List<T> found) {
            int count = found == null ? 0 : found.size();
            if (count != 1) {
                problem(id, "has %d %s".formatted(count, what));
            }
            return found == null ? null : found.getFirst();
        }

        /*
         * Gives 1 for a stream that may have had an answer which its response does not name: that is
         * one that has no name at all, and one that was taken over, which may have asked again.
         */
        private int compare(UsageRow row, @Nullable String answer) {
            if (row.provenance() == Provenance.PROVIDER) {
                claim(row, answer);
                return row.attempts() > 1 ? 1 : 0;
            }
            if (row.provenance() != Provenance.NONE || row.usage() != null) {
                problem(row.requestId(), "has figures that are " + row.provenance().wire());
            }
            if (row.status() != Status.CANCELLED && row.status() != Status.FAILED) {
                problem(row.requestId(), "is " + row.status().wire() + " and has no figures");
            }
            if (answer == null) {
                return 1;
            }
            named.add(answer);
            return row.attempts() > 1 ? 1 : 0;
        }

        private void claim(UsageRow row, @Nullable String answer) {
            var said = answer == null ? null : account.answers().get(answer);
            if (answer == null || said == null) {
                problem(row.requestId(), "has figures of an answer that the provider never gave");
                return;
            }
            if (!claimed.add(answer)) {
                problem(row.requestId(), "has the figures of another stream's answer");
            }
            if (!said.equals(figures(row))) {
                problem(
                        row.requestId(),
                        "has %s in the ledger, and the provider says %s"
                                .formatted(figures(row).shown(), said.shown()));
            }
        }

        /* Of those without a name there are no more than streams that may have had them. */
        private Set<String> unclaimed(int nameless) {
            var unclaimed = new HashSet<>(account.answers().keySet());
            unclaimed.removeAll(claimed);
            long unknown = unclaimed.stream().filter(it -> !named.contains(it)).count();
            if (unknown > nameless) {
                problems.add(
                        "%d answers of the provider are in no stream, and %d streams may have had one"
                                .formatted(unknown, nameless));
            }
            return unclaimed;
        }

        private TokenSums rollups() {
            var sums = TokenSums.NONE;
            for (var rollup : ledger.rollups().values()) {
                sums = sums.plus(TokenSums.of(kind -> rollup.usage().get(kind.wire())));
            }
            return sums;
        }

        private void compare(String what, TokenSums sums, TokenSums rows) {
            if (!sums.equals(rows)) {
                problems.add(
                        "%s come to %s, and the ledger to %s"
                                .formatted(what, sums.shown(), rows.shown()));
            }
        }

        private void compareCounts() {
            if (ledger.rolledUp() != ledger.rowCount()) {
                problems.add(
                        "the rollups have %d requests, and the ledger has %d"
                                .formatted(ledger.rolledUp(), ledger.rowCount()));
            }
            var rows = new TreeMap<String, Long>();
            ledger.rows().values().stream()
                    .flatMap(List::stream)
                    .forEach(row -> rows.merge(row.status().wire(), 1L, Long::sum));
            var rolledUp = new TreeMap<String, Long>();
            for (Rollup rollup : ledger.rollups().values()) {
                rollup.statuses().forEach((name, count) -> rolledUp.merge(name, count, Long::sum));
            }
            if (!rows.equals(rolledUp)) {
                problems.add(
                        "the rollups have %s, and the ledger has %s".formatted(rolledUp, rows));
            }
        }
    }

    private static TokenSums figures(UsageRow row) {
        var usage = row.usage();
        return usage == null ? TokenSums.NONE : TokenSums.of(kind -> kind.of(usage));
    }

    private static TokenSums sum(ProviderAccount account, Set<String> answers) {
        return sum(
                answers.stream()
                        .map(it -> account.answers().getOrDefault(it, TokenSums.NONE))
                        .toList());
    }

    private static TokenSums sum(Iterable<TokenSums> all) {
        var sums = TokenSums.NONE;
        for (var figures : all) {
            sums = sums.plus(figures);
        }
        return sums;
    }
}
