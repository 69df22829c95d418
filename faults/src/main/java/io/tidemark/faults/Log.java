package io.tidemark.faults;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Everything that {@code tidemark.events} and {@code tidemark.commands} hold, read from beginning
 * to end. Immutable after {@link #read}, but for the streams in it.
 *
 * @param streams by id
 * @param starts when each start was appended, in epoch milliseconds
 * @param leases in order within each partition
 * @param claims the offset of the last one of each partition
 * @param done streams that their owner has said the end of
 */
record Log(
        Map<StreamId, LoggedStream> streams,
        Map<StreamId, Long> starts,
        List<TimedLease> leases,
        Map<Integer, Long> claims,
        Set<StreamId> done) {
    private static final String EVENTS = "tidemark.events";
    private static final String COMMANDS = "tidemark.commands";

    /** Nothing was read yet. */
    static Log empty() {
        return new Log(
                new HashMap<>(),
                new HashMap<>(),
                new ArrayList<>(),
                new HashMap<>(),
                new HashSet<>());
    }

    /** Who had which streams in flight, when. */
    record TimedLease(long at, int partition, String worker, Set<StreamId> open) {}

    /** Reads both topics. */
    static Log read(String bootstrapServers) {
        var log = empty();
        readAll(bootstrapServers, log::event, log::command);
        return log;
    }

    /** Shows each record of both topics, those of a partition in order. */
    static void readAll(
            String bootstrapServers,
            Consumer<ConsumerRecord<byte[], byte[]>> events,
            Consumer<ConsumerRecord<byte[], byte[]>> commands) {
        try (var topics = TopicReader.ofAll(bootstrapServers)) {
            topics.read(EVENTS, events);
            topics.read(COMMANDS, commands);
        }
    }

    void event(ConsumerRecord<byte[], byte[]> record) {
        var event = EventRecord.of(record);
        switch (event) {
            case EventRecord.Entry entry -> stream(entry.id()).add(event, record.timestamp());
            case EventRecord.Fence fence -> stream(fence.id()).add(event, record.timestamp());
            case EventRecord.Foreign _ -> {
                // Nobody's event; the audit reports it.
            }
        }
    }

    private LoggedStream stream(StreamId id) {
        return streams.computeIfAbsent(id, _ -> new LoggedStream());
    }

    void command(ConsumerRecord<byte[], byte[]> record) {
        switch (commandOf(record)) {
            case Command.Start start -> starts.putIfAbsent(start.requestId(), record.timestamp());
            case Command.Lease lease ->
                    leases.add(
                            new TimedLease(
                                    record.timestamp(),
                                    lease.partition(),
                                    lease.worker(),
                                    lease.open().stream()
                                            .map(Command.OpenStream::requestId)
                                            .collect(Collectors.toUnmodifiableSet())));
            case Command.Claim claim -> claims.put(claim.partition(), record.offset());
            case Command.Done said
                    when said.epoch() >= claims.getOrDefault(record.partition(), 0L) ->
                    done.add(said.requestId());
            case null, default -> {
                // Who did what is told by the others.
            }
        }
    }

    /** What a record says; nothing if that cannot be read, which the audit reports. */
    static @Nullable Command commandOf(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? null : CommandCodec.decode(record.value());
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    /** Streams that were started and have no terminal event, or none that its owner has said. */
    long open() {
        return starts.keySet().stream()
                .filter(id ->
                        !streams.containsKey(id)
                                || streams.get(id).end() == null
                                || !done.contains(id))
                .count();
    }
}
