package io.tidemark.faults;

import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.EventType;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.ReaderGuard;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One stream as the log has it, for readers who follow section 6.2 of the protocol. Times are the
 * broker's, in epoch milliseconds. Confined to one thread.
 */
final class LoggedStream {
    /** An end as the provider made it. */
    static final String COMPLETE = "complete";

    /** An end that its client asked for. */
    static final String CANCELLED = "cancelled";

    /** An end for want of readers. */
    static final String DISCONNECTED = "disconnected";

    /* The types whose content matters here; of all others the bytes do. */
    private static final Set<String> READ =
            Set.of(
                    EventType.STREAM_STATUS.wire(),
                    EventType.CONTENT_COMPLETED.wire(),
                    EventType.STREAM_COMPLETED.wire(),
                    EventType.STREAM_FAILED.wire());

    private final ReaderGuard guard = ReaderGuard.fromStart();
    private final List<Long> events = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable String end;
    private final List<ContentCompleted> texts = new ArrayList<>();
    private boolean named;
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
                keep(entry.headers(), entry.value());
            }
            case GAP -> gaps++;
            case DUPLICATE -> duplicates++;
            case FENCED, AFTER_TERMINAL -> {
                // What a zombie wrote; and what the audit reports.
            }
        }
    }

    private void keep(EventHeaders headers, byte[] value) {
        if (!READ.contains(headers.type())) {
            return;
        }
        switch (body(value)) {
            case Completed completed -> end = endOf(completed);
            case Failed failed -> end = "failed: " + failed.code();
            case ContentCompleted content when content.lane() == Lane.TEXT -> texts.add(content);
            case Status status when status.providerResponseId() != null -> named = true;
            case null, default -> {
                // Nothing that is asked about; what cannot be read the audit reports.
            }
        }
        if (guard.ended() && end == null) {
            end = "unreadable";
        }
    }

    private static @Nullable EventBody body(byte[] value) {
        try {
            return EventCodec.decode(value).body();
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    private static String endOf(Completed completed) {
        return completed.finishReason().equals(DISCONNECTED)
                ? DISCONNECTED
                : completed.outcome().wire();
    }

    /** The {@link Digest} of each accepted event, by sequence. */
    List<Long> events() {
        return events;
    }

    /**
     * How it ended: {@code complete}, {@code cancelled}, {@value #DISCONNECTED}, {@code failed:
     * aborted}; absent if open.
     */
    @Nullable String end() {
        return end;
    }

    /** Whether the log names the provider's response: with it, one in background is read again. */
    boolean named() {
        return named;
    }

    /** What its text sums up to, as far as lanes were completed. */
    List<ContentCompleted> texts() {
        return texts;
    }

    /** When its terminal event was appended; empty if it is open. */
    OptionalLong endedAt() {
        return end == null
                ? OptionalLong.empty()
                : marks.stream()
                        .filter(mark -> !mark.fence())
                        .mapToLong(Mark::at)
                        .reduce((_, it) -> it);
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

    /** When it was first fenced after it had begun: somebody, or its own writer, mended it. */
    OptionalLong mendedAt() {
        return marks.stream()
                .dropWhile(Mark::fence)
                .filter(Mark::fence)
                .mapToLong(Mark::at)
                .findFirst();
    }

    /** Whether it had ended at that time. */
    boolean endedBy(long at) {
        return endedAt().orElse(Long.MAX_VALUE) <= at;
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
