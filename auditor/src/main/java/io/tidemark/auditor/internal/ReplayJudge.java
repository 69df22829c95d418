package io.tidemark.auditor.internal;

import io.tidemark.auditor.ReplayDifference;
import io.tidemark.auditor.ReplayDifference.Kind;
import io.tidemark.auditor.ReplayVerdict;
import io.tidemark.auditor.internal.FoldedResults.Prints;
import io.tidemark.auditor.internal.PartitionReplay.Again;
import io.tidemark.auditor.internal.PartitionReplay.Projected;
import io.tidemark.auditor.internal.PublishedResults.Found;
import io.tidemark.schemas.JsonDifference;
import io.tidemark.schemas.JsonDifference.Extent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Judges what was published of streams by what their events fold to. Confined to the thread that
 * replays.
 */
final class ReplayJudge {
    /* What is said of a stream whose two results fare differently: the first of them. */
    private static final List<ReplayVerdict> WORST_FIRST =
            List.of(
                    ReplayVerdict.DIFFERS,
                    ReplayVerdict.MISSING,
                    ReplayVerdict.PENDING,
                    ReplayVerdict.EXPIRED,
                    ReplayVerdict.ERASED,
                    ReplayVerdict.EQUAL);

    private final Topics topics;
    private final Horizon horizon;
    private final long eventsEnd;
    private final Function<ResultKind, PublishedResults> published;
    private final Projected projected;
    private final Predicate<StreamId> erased;
    private final Again again;

    ReplayJudge(
            Topics topics,
            Horizon horizon,
            long eventsEnd,
            Function<ResultKind, PublishedResults> published,
            Projected projected,
            Predicate<StreamId> erased,
            Again again) {
        this.topics = topics;
        this.horizon = horizon;
        this.eventsEnd = eventsEnd;
        this.published = published;
        this.projected = projected;
        this.erased = erased;
        this.again = again;
    }

    /** What is to be said of a stream that has events. */
    ReplayVerdict verdict(FoldingStream stream) {
        /* Without its beginning; what is left may be no more than a fence behind its end. */
        if (!stream.started() && horizon.mayHaveRemoved(stream.id().time())) {
            return ReplayVerdict.EXPIRED;
        }
        if (stream.ended() && stream.unfolded()) {
            return ReplayVerdict.UNFOLDED;
        }
        var prints = stream.prints();
        if (prints != null && stream.sealed()) {
            var row = standing(ResultKind.USAGE, stream, prints);
            return row == ReplayVerdict.EQUAL ? closed(stream.id()) : row;
        }
        if (prints != null) {
            return Arrays.stream(ResultKind.values())
                    .map(kind -> standing(kind, stream, prints))
                    .min(Comparator.comparingInt(WORST_FIRST::indexOf))
                    .orElseThrow();
        }
        if (!unexpected(stream.id()).isEmpty()) {
            return ReplayVerdict.DIFFERS;
        }
        return stream.ended() || stream.headless() ? ReplayVerdict.NO_RESULT : ReplayVerdict.OPEN;
    }

    /* What there is no key for any more is what was erased. */
    private ReplayVerdict closed(StreamId id) {
        return erased.test(id) ? ReplayVerdict.ERASED : ReplayVerdict.SEALED;
    }

    private ReplayVerdict standing(ResultKind kind, FoldingStream stream, Prints prints) {
        var found = found(kind, stream.id());
        if (found != null) {
            return found.print().equals(prints.of(kind)) && !repeated(kind, found)
                    ? ReplayVerdict.EQUAL
                    : ReplayVerdict.DIFFERS;
        }
        if (kind == ResultKind.RESPONSE && erased.test(stream.id())) {
            return ReplayVerdict.ERASED;
        }
        if (stream.lastOffset() >= projected.offset() || projected.unsettled().contains(kind)) {
            return ReplayVerdict.PENDING;
        }
        var ended = Instant.ofEpochMilli(stream.endedAt());
        return projected.horizons().getOrDefault(kind, Horizon.none()).mayHaveRemoved(ended)
                ? ReplayVerdict.EXPIRED
                : ReplayVerdict.MISSING;
    }

    /* Responses replace one another; a stream is charged once. */
    private static boolean repeated(ResultKind kind, Found found) {
        return kind == ResultKind.USAGE && found.records() > 1;
    }

    private @Nullable Found found(ResultKind kind, StreamId id) {
        return published.apply(kind).of(id);
    }

    /** What is to be said of a stream that has no events, but perhaps results. */
    ReplayVerdict verdict(StreamId id) {
        var some =
                Arrays.stream(ResultKind.values())
                        .map(kind -> found(kind, id))
                        .filter(it -> it != null)
                        .findFirst();
        if (some.isPresent() && some.get().place().firstOffset() >= eventsEnd) {
            return ReplayVerdict.OPEN; // when the end of the log was taken it had not begun
        }
        if (horizon.mayHaveRemoved(id.time()) || some.filter(this::endedBefore).isPresent()) {
            return ReplayVerdict.EXPIRED;
        }
        return some.isPresent() ? ReplayVerdict.DIFFERS : ReplayVerdict.ABSENT;
    }

    private boolean endedBefore(Found found) {
        long last = found.place().lastOffset();
        return last != ResultPlace.NO_OFFSET && last < horizon.beginning();
    }

    /** What is wrong with what was published of a stream that has events. */
    List<ReplayDifference> differences(FoldingStream stream) {
        var prints = stream.prints();
        if (prints == null) {
            return unexpected(stream.id());
        }
        var differences = new ArrayList<ReplayDifference>();
        for (var kind : ResultKind.values()) {
            if (stream.sealed() && kind == ResultKind.RESPONSE) {
                continue;
            }
            switch (standing(kind, stream, prints)) {
                case DIFFERS -> addChanges(kind, stream, prints, differences);
                case MISSING ->
                        differences.add(
                                difference(kind, Kind.MISSING, extent(prints.of(kind)), null));
                case EQUAL, SEALED, OPEN, NO_RESULT, ERASED, EXPIRED, ABSENT, PENDING, UNFOLDED -> {
                    // Nothing is wrong with it.
                }
            }
        }
        return differences;
    }

    private void addChanges(
            ResultKind kind,
            FoldingStream stream,
            Prints prints,
            List<ReplayDifference> differences) {
        var found = found(kind, stream.id());
        if (found == null) {
            return;
        }
        if (!found.print().equals(prints.of(kind))) {
            var folded =
                    FoldedResults.of(
                                    again.fold(
                                            stream.id(),
                                            stream.firstOffset(),
                                            stream.lastOffset() + 1),
                                    topics)
                            .orElseThrow();
            var changes =
                    FoldedResults.comparison(kind)
                            .between(
                                    folded.of(kind),
                                    FoldedResults.compared(
                                            kind, again.published(kind, found.offset())));
            changes.forEach(change -> differences.add(changed(kind, change)));
        }
        if (repeated(kind, found)) {
            differences.add(
                    difference(
                            kind, Kind.REPEATED, extent(prints.of(kind)), extent(found.print())));
        }
    }

    private ReplayDifference changed(ResultKind kind, JsonDifference change) {
        var how = Kind.CHANGED;
        if (change.expected() == null) {
            how = Kind.UNEXPECTED;
        } else if (change.found() == null) {
            how = Kind.MISSING;
        }
        return new ReplayDifference(
                kind.topic(topics).name(),
                how,
                change.pointer(),
                change.expected(),
                change.found());
    }

    /** What was published of a stream of which there is nothing to publish. */
    List<ReplayDifference> unexpected(StreamId id) {
        var unexpected = new ArrayList<ReplayDifference>();
        for (var kind : ResultKind.values()) {
            var found = found(kind, id);
            /* One that says to have ended later has ended since the end of the log was taken. */
            if (found != null && found.place().lastOffset() < eventsEnd) {
                unexpected.add(difference(kind, Kind.UNEXPECTED, null, extent(found.print())));
            }
        }
        return unexpected;
    }

    private ReplayDifference difference(
            ResultKind kind, Kind how, @Nullable Extent folded, @Nullable Extent found) {
        return new ReplayDifference(kind.topic(topics).name(), how, "", folded, found);
    }

    private static Extent extent(Fingerprint print) {
        return new Extent(print.bytes(), print.hash());
    }
}
