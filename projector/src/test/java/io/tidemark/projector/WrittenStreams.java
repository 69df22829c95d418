package io.tidemark.projector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.reverseOrder;

import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the log holds, folded without any store: what projectors have to answer. Confined to one
 * thread while it reads, and immutable after that.
 */
final class WrittenStreams {
    private final Map<StreamId, ResponseFold> folds = new HashMap<>();

    /** What these records of the log say. */
    static WrittenStreams of(List<ConsumerRecord<byte[], byte[]>> records) {
        var written = new WrittenStreams();
        for (var record : records) {
            if (EventRecord.of(record) instanceof EventRecord.Entry entry) {
                written.folds
                        .computeIfAbsent(entry.id(), _ -> new ResponseFold())
                        .add(entry.headers().attempt().number(), EventCodec.decode(entry.value()));
            }
        }
        return written;
    }

    List<StreamId> ids() {
        return List.copyOf(folds.keySet());
    }

    Response response(StreamId id) {
        return Optional.ofNullable(folds.get(id)).flatMap(ResponseFold::response).orElseThrow();
    }

    /** The body of a query's answer. */
    String json(StreamId id) {
        return new String(ResponseCodec.encode(response(id)), UTF_8);
    }

    /** A tenant's list, newest first: each stream's id and status. */
    List<String> list(@Nullable String tenant, Predicate<Response> wanted) {
        return folds.keySet().stream()
                .sorted(reverseOrder())
                .map(this::response)
                .filter(it -> Objects.equals(it.tenant(), tenant) && wanted.test(it))
                .map(it -> it.requestId() + " " + it.status().wire())
                .toList();
    }
}
