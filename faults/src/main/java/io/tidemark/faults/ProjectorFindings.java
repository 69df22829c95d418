package io.tidemark.faults;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.faults.KnownStream.ListedEnd;
import io.tidemark.faults.Target.Role;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What projectors that were killed have said, written and counted, all of it judged. Immutable. */
record ProjectorFindings(
        long seed,
        Faults.Done done,
        KnownStreams streams,
        Questions questions,
        Ledger ledger,
        Accounting accounting) {
    private static final int SHOWN_MAX = 20;

    /** As the report has them. */
    Findings findings() {
        return new Findings(lines(), problems(), Set.of(), json());
    }

    private Map<String, String> lines() {
        var lines = new LinkedHashMap<String, String>();
        lines.put("stream queries", questions.ofStreams().outcomes().toString());
        lines.put("list queries", questions.ofLists().outcomes().toString());
        lines.put("at the end", questions.atTheEnd().outcomes().toString());
        lines.put("503 for a stream", questions.ofStreams().unavailable().shown());
        lines.put("503 for a list", questions.ofLists().unavailable().shown());
        lines.put("usage rows", Long.toString(ledger.rowCount()));
        lines.put("provider", accounting.provider().shown());
        lines.put(
                "not charged",
                "%s of %d answers, to streams that were cancelled or failed"
                        .formatted(accounting.unclaimed().shown(), accounting.unclaimedAnswers()));
        lines.put("ledger", accounting.ledger().shown());
        lines.put("rollups", accounting.rollups().shown());
        return lines;
    }

    private List<String> problems() {
        var problems = new ArrayList<String>();
        problems.addAll(questions.ofStreams().wrong());
        problems.addAll(questions.ofLists().wrong());
        problems.addAll(questions.atTheEnd().wrong());
        problems.addAll(accounting.problems());
        for (var stream : streams.all()) {
            addUnsteady(problems, stream);
        }
        addUntested(problems);
        return problems.stream()
                .limit(SHOWN_MAX)
                .map(it -> "seed %d, %s".formatted(seed, it))
                .toList();
    }

    /* Whatever was told of an end, at any time: it is what was published. */
    private void addUnsteady(List<String> problems, KnownStream stream) {
        var published = ledger.responses().getOrDefault(stream.id(), List.of());
        var hashes = published.stream().map(Ledger.Published::sha256).toList();
        if (!hashes.containsAll(stream.finals())) {
            problems.add("stream " + stream.id() + " had another final response than its own");
        }
        var ends =
                ledger.rows().getOrDefault(stream.id(), List.of()).stream()
                        .map(ListedEnd::of)
                        .toList();
        if (!ends.containsAll(stream.listed())) {
            problems.add(
                    "stream %s was listed as %s, and the ledger has %s"
                            .formatted(stream.id(), stream.listed(), ends));
        }
    }

    /* A run in which nothing could go wrong has shown nothing. */
    private void addUntested(List<String> problems) {
        if (count(Fault.Emptied.class) == 0) {
            problems.add("no projector came back without its data");
        }
        for (var verdict : List.of(ResponseJudge.FINAL, ResponseJudge.PARTIAL)) {
            if (verdict instanceof Verdict.Right(var what)
                    && !questions.ofStreams().outcomes().containsKey(what)) {
                problems.add("no question was answered with " + what);
            }
        }
        if (!questions.ofLists().outcomes().containsKey(ListQueries.WHOLE)) {
            problems.add("nobody came to the end of a list");
        }
        if (accounting.ledger().byKind().isEmpty()) {
            problems.add("the ledger has no tokens");
        }
    }

    private long count(Class<? extends Fault> kind) {
        return done.happened().stream()
                .filter(it -> it.fault().target().role() == Role.PROJECTOR)
                .filter(it -> kind.isInstance(it.fault()))
                .count();
    }

    private ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        write(json, "streamQueries", questions.ofStreams());
        write(json, "listQueries", questions.ofLists());
        write(json, "queriesAtTheEnd", questions.atTheEnd());
        json.put("usageRows", ledger.rowCount());
        write(json, "providerTokens", accounting.provider());
        write(json, "notChargedTokens", accounting.unclaimed());
        json.put("notChargedAnswers", accounting.unclaimedAnswers());
        write(json, "ledgerTokens", accounting.ledger());
        write(json, "rollupTokens", accounting.rollups());
        return json;
    }

    private static void write(ObjectNode json, String name, TokenSums sums) {
        sums.named().forEach(json.putObject(name)::put);
    }

    private static void write(ObjectNode json, String name, QueryTally tally) {
        var written = json.putObject(name);
        tally.outcomes().forEach(written.putObject("outcomes")::put);
        tally.unavailable().writeTo(written.putObject("unavailable"));
    }
}
