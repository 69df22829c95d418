package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamEvent;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** One stream as a reader sees it, and what the reader refused. Confined to the test's thread. */
final class StreamLog {
    private final ReaderGuard guard = ReaderGuard.fromStart();
    private final List<StreamEvent> events = new ArrayList<>();
    private final List<Integer> attempts = new ArrayList<>();
    private final Map<Verdict, Integer> refused = new EnumMap<>(Verdict.class);
    private int fences;

    void add(EventRecord record) {
        switch (record) {
            case EventRecord.Entry entry -> {
                var verdict = guard.admit(entry.headers());
                if (verdict == Verdict.ACCEPTED) {
                    events.add(EventCodec.decode(entry.value()));
                    attempts.add(entry.headers().attempt().number());
                } else {
                    refused.merge(verdict, 1, Integer::sum);
                }
            }
            case EventRecord.Fence fence -> {
                fences++;
                guard.fence(fence.attempt());
            }
            case EventRecord.Foreign foreign -> throw new AssertionError(foreign.problem());
        }
    }

    boolean ended() {
        return guard.ended();
    }

    List<StreamEvent> events() {
        return events;
    }

    int fences() {
        return fences;
    }

    int refused(Verdict verdict) {
        return refused.getOrDefault(verdict, 0);
    }

    /** Why the reader refused what it refused. */
    Set<Verdict> refusals() {
        return refused.keySet();
    }

    int lastAttempt() {
        return attempts.getLast();
    }

    String text() {
        return events.stream()
                .map(StreamEvent::body)
                .map(body -> body instanceof TextDelta delta ? delta.text() : "")
                .collect(Collectors.joining());
    }

    EventBody last() {
        return events.getLast().body();
    }

    Completed completed() {
        assertThat(last()).isInstanceOf(Completed.class);
        return (Completed) last();
    }

    Failed failed() {
        assertThat(last()).isInstanceOf(Failed.class);
        return (Failed) last();
    }

    /** One start, gapless, one terminal at the end, and every item that was started is ended. */
    StreamLog whole() {
        assertThat(events).isNotEmpty();
        assertThat(events.getFirst().body()).isInstanceOf(Started.class);
        assertThat(events).extracting(StreamEvent::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(events.getLast().sequence()).isEqualTo(events.size() - 1);
        assertThat(events).filteredOn(event -> event.body() instanceof Started).hasSize(1);
        assertThat(events).filteredOn(StreamEvent::terminal).hasSize(1);
        assertThat(events.getLast().terminal()).isTrue();
        assertThat(items(ItemCompleted.class)).isEqualTo(items(ItemStarted.class));
        return this;
    }

    private List<Integer> items(Class<? extends EventBody> type) {
        return events.stream()
                .filter(event -> type.isInstance(event.body()))
                .map(event -> Objects.requireNonNull(event.placement().outputIndex()))
                .sorted()
                .toList();
    }
}
