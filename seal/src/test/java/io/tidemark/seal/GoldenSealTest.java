package io.tidemark.seal;

import static io.tidemark.seal.Streams.ATTEMPT;
import static io.tidemark.seal.Streams.ID;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.WrappedKey;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The golden sealed records, with the key that opens them: master key {@code m1} is the bytes 0 to
 * 31, and what should be random is the bytes 8 to 1, over and over.
 */
final class GoldenSealTest {
    private static final RandomGenerator FIXED = () -> 0x0102030405060708L;
    private static final DataKey KEY = DataKey.of(ID, FIXED);
    private static final MasterKeys MASTERS = MasterKeys.of(Map.of("m1", master()), "m1");
    private static final long AT = 1_795_185_600_000L;

    private static byte[] master() {
        var bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    static StreamEvent started() {
        return Streams.event(
                0,
                new Started(
                        "openai",
                        "gpt-5.2",
                        "openai.responses",
                        null,
                        2,
                        null,
                        null,
                        "acme",
                        Map.of("ticket", "4711")));
    }

    static StreamEvent text() {
        return Streams.text(3, "Hello");
    }

    static Command.Start start() {
        return new Command.Start(
                ID,
                AT,
                "openai.responses",
                "openai",
                "gpt-5.2",
                JsonNodeFactory.instance.objectNode().put("input", "Say hello"),
                OnDisconnect.CONTINUE,
                "acme",
                Map.of("ticket", "4711"),
                null);
    }

    static byte[] sealed(StreamEvent event) {
        return new StreamSeal.Sealed(KEY, FIXED)
                .seal(Streams.record(event), event, ATTEMPT)
                .value();
    }

    static WrappedKey wrapped() {
        return MASTERS.wrap(KEY, AT, FIXED);
    }

    @Test
    void areWhatIsWritten() throws IOException {
        assertThat(text(sealed(started()))).isEqualTo(golden("sealed/stream.started.json"));
        assertThat(text(sealed(text()))).isEqualTo(golden("sealed/text.delta.json"));
        assertThat(text(CommandCodec.encode(KEY.seal(start(), FIXED))))
                .isEqualTo(golden("commands/stream.start--sealed.json"));
        assertThat(text(wrapped().record("keys").value())).isEqualTo(golden("keys/key.json"));
    }

    @Test
    void areOpenedWithTheGoldenKey() throws IOException {
        var record = wrapped().record("keys");
        var key = MASTERS.unwrap(WrappedKey.of(Streams.consumed(record, 0))).orElseThrow();
        var opener = Streams.opener(key);

        assertThat(opener.opened(entry(started(), "stream.started")).orElseThrow().value())
                .isEqualTo(EventCodec.encode(started()));
        assertThat(opener.opened(entry(text(), "text.delta")).orElseThrow().value())
                .isEqualTo(EventCodec.encode(text()));
        byte[] command = bytes("commands/stream.start--sealed.json");
        assertThat(opener.opened((Command.Start) CommandCodec.decode(command))).contains(start());
    }

    private static EventRecord.Entry entry(StreamEvent event, String type) throws IOException {
        var headers = new EventHeaders(type, event.sequence(), ATTEMPT, null);
        return new EventRecord.Entry(ID, headers, bytes("sealed/" + type + ".json"));
    }

    private static String golden(String file) throws IOException {
        return text(bytes(file));
    }

    private static byte[] bytes(String file) throws IOException {
        return Streams.bytes(
                Path.of(System.getProperty("project.root", ".."))
                        .resolve("schemas/src/test/resources/golden")
                        .resolve(file));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
