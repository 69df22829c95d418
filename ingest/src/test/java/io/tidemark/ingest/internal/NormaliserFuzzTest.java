package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;

import io.tidemark.ingest.internal.anthropic.MessagesApi;
import io.tidemark.ingest.internal.chat.ChatApi;
import io.tidemark.ingest.internal.google.GenerateApi;
import io.tidemark.ingest.internal.output.MappingContract;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.ingest.internal.transcription.TranscriptionApi;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.StreamEvent;

import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/**
 * Whatever bytes a provider sends, there is one end, all rules of a stream hold, and what is said
 * of them is in proportion to them. One method for each dialect, as Jazzer keeps a corpus for each.
 */
class NormaliserFuzzTest {
    /* The least that has something said of it is an empty item in a list, of three bytes. */
    private static final int DRAFTS_PER_BYTE_MAX = 1;
    private static final int DRAFTS_OF_NOTHING_MAX = 8;

    @DictionaryFile(resourcePath = "responses.dict")
    @MethodSource("responsesRows")
    @FuzzTest
    void responses(byte[] bytes) {
        check(new ResponsesApi(), bytes);
    }

    @MethodSource("chatRows")
    @FuzzTest
    void chat(byte[] bytes) {
        check(new ChatApi(), bytes);
    }

    @MethodSource("messagesRows")
    @FuzzTest
    void messages(byte[] bytes) {
        check(new MessagesApi(), bytes);
    }

    @MethodSource("generateRows")
    @FuzzTest
    void generate(byte[] bytes) {
        check(new GenerateApi(), bytes);
    }

    @MethodSource("transcriptionsRows")
    @FuzzTest
    void transcriptions(byte[] bytes) {
        check(new TranscriptionApi(), bytes);
    }

    static Stream<byte[]> responsesRows() {
        return rows("responses/responses-mapping.json");
    }

    static Stream<byte[]> chatRows() {
        return rows("chat/chat-mapping.json");
    }

    static Stream<byte[]> messagesRows() {
        return rows("anthropic/messages-mapping.json");
    }

    static Stream<byte[]> generateRows() {
        return rows("google/generate-mapping.json");
    }

    static Stream<byte[]> transcriptionsRows() {
        return rows("transcription/transcription-mapping.json");
    }

    /* Seeds beside those that are files: each row of a mapping table, as the stream it tells of. */
    private static Stream<byte[]> rows(String table) {
        return MappingContract.streams(NormaliserFuzzTest.class, table);
    }

    private static void check(ProviderApi api, byte[] bytes) {
        checkStream(api, bytes);
        checkWhole(api, bytes);
    }

    private static void checkStream(ProviderApi api, byte[] bytes) {
        var pump = new Pump(api);
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + 1 + (bytes[at] & 0x7F));
            pump.bytes(bytes, at, to);
            at = to;
        }
        StreamRules.check(pump.end().events());
        pump.events().forEach(NormaliserFuzzTest::checkCodec);
        checkEnded(pump.normaliser(), pump.drafts(), bytes.length);
    }

    /* A body that is one JSON object is what a server answers that does not know streams. */
    private static void checkWhole(ProviderApi api, byte[] bytes) {
        var answer = ProviderJson.object(new String(bytes, UTF_8));
        if (answer.isEmpty()) {
            return;
        }
        var normaliser = new Pump(api).normaliser();
        var said = normaliser.whole(answer.get());
        assertThat(normaliser.ended()).as("all or nothing").isEqualTo(!said.isEmpty());
        if (normaliser.ended()) {
            assertThat(said.getLast().terminal()).isTrue();
            checkEnded(normaliser, said, bytes.length);
        }
    }

    private static void checkEnded(Normaliser normaliser, List<Draft> said, int bytes) {
        assertThat(normaliser.ended()).isTrue();
        assertThat(normaliser.contentSent()).isEqualTo(said.stream().anyMatch(Draft::content));
        assertThat(said.stream().filter(Draft::terminal)).hasSize(1);
        assertThat(said.size())
                .as("events of %d bytes", bytes)
                .isLessThanOrEqualTo(DRAFTS_OF_NOTHING_MAX + DRAFTS_PER_BYTE_MAX * bytes);
        assertThat(normaliser.accept(new SseSignal.Frame(SseFrame.of("{}")))).isEmpty();
        assertThat(normaliser.holdExpired()).isEmpty();
        assertThat(normaliser.endOfBytes()).isEmpty();
    }

    private static void checkCodec(StreamEvent event) {
        var encoded = EventCodec.encode(event);
        assertThat(EventCodec.encode(EventCodec.decode(encoded))).isEqualTo(encoded);
    }
}
