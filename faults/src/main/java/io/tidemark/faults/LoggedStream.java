package io.tidemark.faults;

import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.EventType;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.ReaderGuard;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One stream as the log has it, for readers who follow section 6.2 of the protocol. Times are the
 * broker's, in epoch milliseconds. Confined to one thread.
 */
final class LoggedStream {
    private final ReaderGuard guard = ReaderGuard.fromStart();
    private final List<Long> events = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable String end;
    private int gaps;
    private int duplicates;
    private int terminals;

    /** An accepted event, or a fence. */
    private record Mark(long at, boolean fence) {}

    void add(EventRecord record, long at) {
        switch (record) {
            case EventRecord.Fence fence -> {
                guard.fence(fence.attempt());
                marks.add(new Mark(at, true));
            }
            case EventRecord.Entry entry -> add(entry, at);
            case EventRecord.Foreign _ -> {
                // Nobody's event; the audit reports it.
            }
        }
    }

    private void add(EventRecord.Entry entry, long at) {
        var verdict = guard.admit(entry.headers());
        if (verdict != ReaderGuard.Verdict.FENCED && EventType.endsStream(entry.headers().type())) {
            terminals++;
        }
        switch (verdict) {
            case ACCEPTED -> {
                events.add(Digest.of(entry.value()));
                marks.add(new Mark(at, false));
                if (guard.ended()) {
                    end = endOf(entry.value());
                }
            }
            case GAP -> gaps++;
            case DUPLICATE -> duplicates++;
            case FENCED, AFTER_TERMINAL -> {
                // What a zombie wrote; and what the audit reports.
            }
        }
    }

    private static String endOf(byte[] terminal) {
        return switch (EventCodec.decode(terminal).body()) {
            case Completed completed -> completed.outcome().wire();
            case Failed failed -> "failed: " + failed.code();
            default -> "unreadable";
        };
    }

    /** The {@link Digest} of each accepted event, by sequence. */
    List<Long> events() {
        return events;
    }

    /**
     * How it ended: {@code complete}, {@code cancelled}, {@code failed: aborted}; absent if open.
     */
    @Nullable String end() {
        return end;
    }

    int gaps() {
        return gaps;
    }

    int duplicates() {
        return duplicates;
    }

    /** Terminal events of writers that were not fenced; one, or none of an open stream. */
    int terminals() {
        return terminals;
    }

    int fences() {
        return (int) marks.stream().filter(Mark::fence).count();
    }

    /** Whether it had ended at that time. */
    boolean endedBy(long at) {
        return end != null
                && marks.stream().filter(mark -> !mark.fence()).toList().getLast().at() <= at;
    }

    /** When the first event after that time was appended. */
    OptionalLong eventAfter(long at) {
        return marks.stream()
                .filter(mark -> !mark.fence() && mark.at() > at)
                .mapToLong(Mark::at)
                .findFirst();
    }

    /** When the first fence after that time was appended. */
    OptionalLong fenceAfter(long at) {
        return marks.stream()
                .filter(mark -> mark.fence() && mark.at() > at)
                .mapToLong(Mark::at)
                .findFirst();
    }

    /** When the first event behind the first fence after that time was appended. */
    OptionalLong takenOverAfter(long at) {
        return marks.stream()
                .dropWhile(mark -> !mark.fence() || mark.at() <= at)
                .filter(mark -> !mark.fence())
                .mapToLong(Mark::at)
                .findFirst();
    }
}
