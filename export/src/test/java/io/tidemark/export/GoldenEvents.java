package io.tidemark.export;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The golden events of the contract, one of each kind and more. */
final class GoldenEvents {
    private static final Path GOLDEN =
            Path.of(
                    System.getProperty("project.root", ".."),
                    "schemas/src/test/resources/golden/events");

    private GoldenEvents() {}

    /** Each as the only event of a stream that was asked for then. */
    static List<ProducerRecord<byte[], byte[]>> asStreamsOfTheirOwn(Instant requested)
            throws IOException {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        try (var files = Files.list(GOLDEN)) {
            for (var file : files.sorted().toList()) {
                var event = EventCodec.decode(Files.readAllBytes(file));
                long number = records.size();
                var id = StreamId.mint(InstantSource.fixed(requested), () -> number, 0);
                records.add(
                        EventRecord.of(
                                "events",
                                new StreamEvent(id, 0, event.at(), event.placement(), event.body()),
                                Attempt.first(0),
                                null));
            }
        }
        return records;
    }
}
