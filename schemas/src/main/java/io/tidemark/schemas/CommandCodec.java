package io.tidemark.schemas;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes and reads commands: flat JSON with a {@code type}, keyed by the stream they are about.
 * Thread-safe; stateless.
 */
public final class CommandCodec {
    private static final Map<String, Class<? extends Command>> TYPES =
            Map.of(
                    "stream.start", Command.Start.class,
                    "stream.cancel", Command.Cancel.class,
                    "stream.presence", Command.Presence.class,
                    "stream.done", Command.Done.class,
                    "claim", Command.Claim.class,
                    "lease", Command.Lease.class);
    private static final byte[] CLAIM_KEY = "claim".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LEASE_KEY = "lease".getBytes(StandardCharsets.US_ASCII);

    private CommandCodec() {}

    /** The JSON of a command. */
    public static byte[] encode(Command command) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("type", typeOf(command));
        json.setAll((ObjectNode) Json.MAPPER.valueToTree(command));
        return Json.bytes(json);
    }

    /**
     * The command these bytes hold.
     *
     * @throws MalformedRecordException if they hold none
     */
    public static Command decode(byte[] value) {
        ObjectNode json = Json.object(value);
        var type = json.path("type").textValue();
        if (type == null) {
            throw new MalformedRecordException("type", "must be a string", null);
        }
        var known = TYPES.get(type);
        if (known == null) {
            return new Command.Unknown(type, json.path("at").asLong(0));
        }
        return Json.read(json, known);
    }

    /** The record to produce for a command, on the partition of the stream it is about. */
    public static ProducerRecord<byte[], byte[]> record(String topic, Command command) {
        return switch (command) {
            case Command.ForStream about ->
                    new ProducerRecord<>(
                            topic,
                            about.requestId().partition(),
                            about.requestId().key(),
                            encode(command));
            case Command.Claim claim ->
                    new ProducerRecord<>(topic, claim.partition(), CLAIM_KEY, encode(claim));
            case Command.Lease lease ->
                    new ProducerRecord<>(topic, lease.partition(), LEASE_KEY, encode(lease));
            case Command.Unknown unknown ->
                    throw new IllegalArgumentException("an Unknown command is never written");
        };
    }

    /**
     * Whether a record has the key of the command that it holds; that of an unknown one cannot be
     * told, and any will do.
     *
     * @param key the record's; absent if it has none
     */
    public static boolean isKey(byte @Nullable [] key, Command command) {
        return switch (command) {
            case Command.ForStream about -> Arrays.equals(about.requestId().key(), key);
            case Command.Claim _ -> Arrays.equals(CLAIM_KEY, key);
            case Command.Lease _ -> Arrays.equals(LEASE_KEY, key);
            case Command.Unknown _ -> true;
        };
    }

    private static String typeOf(Command command) {
        return switch (command) {
            case Command.Start _ -> "stream.start";
            case Command.Cancel _ -> "stream.cancel";
            case Command.Presence _ -> "stream.presence";
            case Command.Done _ -> "stream.done";
            case Command.Claim _ -> "claim";
            case Command.Lease _ -> "lease";
            case Command.Unknown unknown -> unknown.type();
        };
    }
}
