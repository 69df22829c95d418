package io.tidemark.schemas;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The values of the topics, and how one version of the code or another reads and writes them. */
enum RecordFormat {
    EVENT("events") {
        @Override
        Object read(CodeVersion code, byte[] value) {
            return code.call("EventCodec", "decode", value);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            return (byte[]) code.call("EventCodec", "encode", read);
        }

        @Override
        Object body(Object read) {
            return CodeVersion.ask(read, "body");
        }
    },
    COMMAND("commands") {
        @Override
        Object read(CodeVersion code, byte[] value) {
            return code.call("CommandCodec", "decode", value);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            return (byte[]) code.call("CommandCodec", "encode", read);
        }
    },
    RESPONSE("responses") {
        @Override
        Object read(CodeVersion code, byte[] value) {
            return code.call("ResponseCodec", "decode", value);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            return (byte[]) code.call("ResponseCodec", "encode", read);
        }
    },
    USAGE_ROW("usage") {
        @Override
        Object read(CodeVersion code, byte[] value) {
            return code.call("ResponseCodec", "decodeUsage", value);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            return (byte[]) code.call("ResponseCodec", "encode", read);
        }
    },
    ROLLUP("rollups") {
        @Override
        boolean knownTo(CodeVersion code) {
            return code.has("RollupCodec");
        }

        @Override
        Object read(CodeVersion code, byte[] value) {
            return code.call("RollupCodec", "decode", value);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            return (byte[]) code.call("RollupCodec", "encode", read);
        }
    },
    REVOCATION("revocations") {
        @Override
        Object read(CodeVersion code, byte[] value) {
            return code.call(
                    "Revocation", "of", new ConsumerRecord<>("revocations", 0, 0, null, value));
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            var record = CodeVersion.ask(read, "record", "revocations");
            return (byte[]) CodeVersion.ask(record, "value");
        }
    },
    ERASURE("erasures") {
        @Override
        boolean knownTo(CodeVersion code) {
            return code.has("Erasure");
        }

        @Override
        Object read(CodeVersion code, byte[] value) {
            var id = StreamId.parse(Json.object(value).path("requestId").asText());
            return code.call("Erasure", "of", id.partition(), id.key(), value);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            var record = CodeVersion.ask(read, "record", "erasures");
            return (byte[]) CodeVersion.ask(record, "value");
        }
    },
    WRAPPED_KEY("keys") {
        @Override
        boolean knownTo(CodeVersion code) {
            return code.has("WrappedKey");
        }

        @Override
        Object read(CodeVersion code, byte[] value) {
            var id = StreamId.parse(Json.object(value).path("requestId").asText());
            var record = new ConsumerRecord<>("keys", id.partition(), 0, id.key(), value);
            return code.call("WrappedKey", "of", record);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            var record = CodeVersion.ask(read, "record", "keys");
            return (byte[]) CodeVersion.ask(record, "value");
        }
    },
    START_WORD("start-keys") {
        @Override
        Object read(CodeVersion code, byte[] value) {
            return code.call("StartWord", "decode", value);
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            return (byte[]) CodeVersion.ask(read, "encode");
        }
    },
    GENERATION_WORD("generations") {
        @Override
        boolean knownTo(CodeVersion code) {
            return code.has("GenerationWord");
        }

        /* What is said is in the key, and only one of the two says where it begins. */
        @Override
        Object read(CodeVersion code, byte[] value) {
            var key = Json.object(value).has("begins") ? "building" : "current";
            var record =
                    new ConsumerRecord<>(
                            "generations", 0, 0, key.getBytes(StandardCharsets.UTF_8), value);
            return ((Optional<?>) code.call("GenerationWord", "of", record)).orElseThrow();
        }

        @Override
        byte[] write(CodeVersion code, Object read) {
            var record = CodeVersion.ask(read, "record", "generations");
            return (byte[]) CodeVersion.ask(record, "value");
        }
    };

    private final String topic;

    RecordFormat(String topic) {
        this.topic = topic;
    }

    /**
     * The topic without its prefix: the name of the folder of golden files, and of kept records.
     */
    String topic() {
        return topic;
    }

    /** Whether a version has the topic at all. */
    boolean knownTo(CodeVersion code) {
        return true;
    }

    abstract Object read(CodeVersion code, byte[] value);

    abstract byte[] write(CodeVersion code, Object read);

    /** The record with the fields that depend on the type. */
    Object body(Object read) {
        return read;
    }

    /** Whether a version cannot tell what a value says, only that it is something. */
    boolean unknown(Object read) {
        return body(read).getClass().getSimpleName().equals("Unknown");
    }

    /** What a version writes of what it read; nothing of what it does not know. */
    byte @Nullable [] again(CodeVersion code, byte[] value) {
        var read = read(code, value);
        return unknown(read) ? null : write(code, read);
    }

    /** Names of the fields that a version knows in such a value. */
    Set<String> names(Object read) {
        return fieldsOf(body(read));
    }

    /** Names of the fields of a record. */
    static Set<String> fieldsOf(Object record) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .map(it -> it.getName())
                .collect(Collectors.toUnmodifiableSet());
    }
}
