package io.tidemark.faults;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Everything the topics hold of some streams, in order of time: what each record is, never what it
 * says. For those who look for the cause of a violation.
 */
final class StreamDump {
    private static final String UNREADABLE = "unreadable";

    private final Set<StreamId> wanted;
    private final List<Line> lines = new ArrayList<>();

    private record Line(long at, String text) {}

    StreamDump(Set<StreamId> wanted) {
        this.wanted = wanted;
    }

    /** Writes a file with the records of these streams. */
    static void write(Path file, String bootstrapServers, Set<StreamId> wanted) throws IOException {
        var dump = new StreamDump(wanted);
        Log.readAll(bootstrapServers, dump::event, dump::command);
        Files.write(file, dump.lines());
    }

    List<String> lines() {
        return lines.stream().sorted(Comparator.comparingLong(Line::at)).map(Line::text).toList();
    }

    void event(ConsumerRecord<byte[], byte[]> record) {
        switch (EventRecord.of(record)) {
            case EventRecord.Entry entry -> add(entry.id(), record, entry.headers().toString());
            case EventRecord.Fence fence -> add(fence.id(), record, fence.toString());
            case EventRecord.Foreign _ -> add(idOf(record), record, UNREADABLE);
        }
    }

    void command(ConsumerRecord<byte[], byte[]> record) {
        switch (Log.commandOf(record)) {
            case null -> add(idOf(record), record, UNREADABLE);
            case Command.ForStream command -> add(command.requestId(), record, command.toString());
            case Command.Lease lease ->
                    lease.open().stream()
                            .filter(open -> wanted.contains(open.requestId()))
                            .forEach(open ->
                                    add(
                                            open.requestId(),
                                            record,
                                            "Lease of " + lease.worker() + " " + open));
            case Command.Claim claim ->
                    wanted.stream()
                            .filter(id -> id.partition() == claim.partition())
                            .forEach(id -> add(id, record, claim.toString()));
            case Command.Unknown _ -> {
                // Of nothing we know.
            }
        }
    }

    /* The stream that the key names, if it names one. */
    private static @Nullable StreamId idOf(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.key() == null ? null : StreamId.ofKey(record.key());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void add(@Nullable StreamId id, ConsumerRecord<byte[], byte[]> record, String what) {
        if (id != null && wanted.contains(id)) {
            lines.add(
                    new Line(
                            record.timestamp(),
                            "%s %s-%d@%d %s"
                                    .formatted(
                                            Instant.ofEpochMilli(record.timestamp()),
                                            record.topic(),
                                            record.partition(),
                                            record.offset(),
                                            what)));
        }
    }
}
