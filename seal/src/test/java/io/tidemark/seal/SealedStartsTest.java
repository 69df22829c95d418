package io.tidemark.seal;

import static io.tidemark.seal.Streams.ID;
import static io.tidemark.seal.Streams.RANDOM;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Starts whose prompt is sealed. */
final class SealedStartsTest {
    private final DataKey key = DataKey.of(ID, RANDOM);
    private final Opener opener = Streams.opener(key);
    private final Command.Start start = start(ID, 17);

    private static Command.Start start(StreamId id, long at) {
        return new Command.Start(
                id,
                at,
                "openai.responses",
                "openai",
                "sim",
                JsonNodeFactory.instance.objectNode().put("input", "marker"),
                OnDisconnect.CANCEL,
                "acme",
                Map.of("label", "marker"),
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "fast");
    }

    @Test
    void comesBackAsItWasFromTheLog() {
        var read =
                (Command.Start) CommandCodec.decode(CommandCodec.encode(key.seal(start, RANDOM)));

        assertThat(opener.opened(read)).contains(start);
    }

    @Test
    void saysWhatRoutingNeedsAndNothingElse() {
        var sealed = key.seal(start, RANDOM);

        assertThat(new String(CommandCodec.encode(sealed), StandardCharsets.UTF_8))
                .doesNotContain("marker")
                .contains("openai.responses", "fast", "acme", "cancel");
        assertThat(sealed.request().isEmpty()).isTrue();
        assertThat(sealed.metadata()).isEmpty();
        assertThat(sealed.toString()).doesNotContain(String.valueOf(sealed.sealed()));
    }

    @Test
    void aPlainOneIsLeftAsItIs() {
        assertThat(opener.opened(start)).containsSame(start);
        assertThat(Opener.withoutKeys().opened(start)).containsSame(start);
    }

    @Test
    void isNotOpenedInAnotherPlaceOrWithAnotherKey() {
        var sealed = key.seal(start, RANDOM);

        assertThat(opener.opened(moved(sealed, ID, 18))).isEmpty();
        assertThat(opener.opened(moved(sealed, Streams.mint(), 17))).isEmpty();
        assertThat(Streams.opener(DataKey.of(ID, RANDOM)).opened(sealed)).isEmpty();
        assertThat(Opener.withoutKeys().opened(sealed)).isEmpty();
        assertThat(opener.counts().of(Unreadable.TAMPERED)).isEqualTo(2);
    }

    @Test
    void whatIsNoCiphertextIsNotOpened() {
        var odd = start.sealedAs(new byte[5]);

        assertThat(opener.opened(odd)).isEmpty();
    }

    private static Command.Start moved(Command.Start start, StreamId id, long at) {
        return new Command.Start(
                id,
                at,
                start.api(),
                start.provider(),
                start.model(),
                start.request(),
                start.onDisconnect(),
                start.tenant(),
                start.metadata(),
                start.traceparent(),
                start.route(),
                start.sealed());
    }
}
