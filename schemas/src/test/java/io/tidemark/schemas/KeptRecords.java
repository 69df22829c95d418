package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A directory of {@code yesterday}: records that were written once, and the code that did. */
record KeptRecords(Path directory) {
    static List<KeptRecords> all() {
        try {
            var url = requireNonNull(KeptRecords.class.getResource("/yesterday"));
            try (var directories = Files.list(Path.of(url.toURI()))) {
                return directories
                        .filter(Files::isDirectory)
                        .sorted()
                        .map(KeptRecords::new)
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    CodeVersion code() {
        return CodeVersion.kept(directory.resolve("tidemark-schemas.jar"));
    }

    /** The records of a file, as a consumer gets them. */
    List<ConsumerRecord<byte[], byte[]>> records(String name) {
        try {
            return Files.readAllLines(directory.resolve(name + ".ndjson")).stream()
                    .map(KeptRecords::record)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(String line) {
        var json = Json.object(line.getBytes(StandardCharsets.UTF_8));
        var headers = new RecordHeaders();
        json.path("headers")
                .properties()
                .forEach(header ->
                        headers.add(
                                header.getKey(),
                                HexFormat.of().parseHex(header.getValue().asText())));
        return new ConsumerRecord<>(
                json.path("topic").asText(),
                json.path("partition").asInt(),
                0,
                0,
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                bytes(json, "key"),
                bytes(json, "value"),
                headers,
                Optional.empty());
    }

    private static byte @Nullable [] bytes(ObjectNode json, String field) {
        return json.has(field) ? json.get(field).asText().getBytes(StandardCharsets.UTF_8) : null;
    }

    @Override
    public String toString() {
        return String.valueOf(directory.getFileName());
    }
}
