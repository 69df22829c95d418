package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;

import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.Reason;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

class OpenContentTest {
    private final StreamId id = TestStreams.mint();
    private final OpenContent content = new OpenContent();
    private long next;

    private void add(EventBody... bodies) {
        for (var body : bodies) {
            content.add(TestStreams.event(id, next++, body));
        }
    }

    private List<EventBody> closing() {
        return content.closing().stream().map(Draft::body).toList();
    }

    @Test
    void hasNothingToCloseInAStreamThatOnlyToldOfItself() {
        add(TestStreams.started(1), Status.of(Status.ACCEPTED));

        assertThat(content.contentSeen()).isFalse();
        assertThat(closing()).isEmpty();
    }

    /* A takeover of all streams of its partition would fail for ever. */
    @Test
    void countsAudioThatIsNoBase64AsItStands() throws NoSuchAlgorithmException {
        add(new AudioDelta("audio/pcm", "AAAA", null, null, null, null));
        add(new AudioDelta("audio/pcm", "no base64!", null, null, null, null));

        var whole = "\0\0\0no base64!".getBytes(StandardCharsets.UTF_8);
        assertThat(closing())
                .containsExactly(
                        new ContentCompleted(
                                Lane.AUDIO,
                                null,
                                null,
                                whole.length,
                                HexFormat.of()
                                        .formatHex(
                                                MessageDigest.getInstance("SHA-256").digest(whole)),
                                true));
    }

    @Test
    void closesALaneWithWhatIsReallyThereAndThenItsItem() throws NoSuchAlgorithmException {
        add(TestStreams.item(), TestStreams.text("tide "), TestStreams.text("märk 🌊"));

        assertThat(content.contentSeen()).isTrue();
        var whole = "tide märk 🌊".getBytes(StandardCharsets.UTF_8);
        var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
        assertThat(closing())
                .containsExactly(
                        new ContentCompleted(Lane.TEXT, null, null, whole.length, hash, true),
                        new ItemCompleted("message", ItemStatus.INCOMPLETE, null, null));
        assertThat(closing()).isEmpty();
    }

    @Test
    void leavesWhatWasClosedAlone() {
        add(
                TestStreams.item(),
                TestStreams.text("done"),
                new ContentCompleted(Lane.TEXT, null, null, 4, null, null));
        assertThat(closing()).hasSize(1).first().isInstanceOf(ItemCompleted.class);

        add(TestStreams.item(), new ItemCompleted("message", ItemStatus.COMPLETED, null, null));
        assertThat(closing()).isEmpty();
    }

    @Test
    void sumsUpAllOfALaneThatTheProviderWentOnWith() throws NoSuchAlgorithmException {
        add(
                TestStreams.item(),
                TestStreams.text("tide "),
                new ContentCompleted(Lane.TEXT, null, null, 5, null, null),
                new ItemCompleted("message", ItemStatus.COMPLETED, null, null),
                TestStreams.text("turns"));

        var whole = "tide turns".getBytes(StandardCharsets.UTF_8);
        var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
        assertThat(closing())
                .containsExactly(
                        new ContentCompleted(Lane.TEXT, null, null, whole.length, hash, true));
    }

    @Test
    void closesLanesOfDifferentKindsEachOnItsOwn() {
        add(
                TestStreams.item(),
                TestStreams.text("a"),
                new ToolDelta("call_1", InputKind.JSON, "{\"a\"", null));

        assertThat(closing())
                .hasSize(3)
                .filteredOn(ContentCompleted.class::isInstance)
                .extracting(body -> ((ContentCompleted) body).lane())
                .containsExactly(Lane.TEXT, Lane.TOOL);
    }

    @Test
    void whatIsPassedOnVerbatimIsNoContent() {
        add(new ProviderEvent("openai", "beam", Reason.UNKNOWN_TYPE, TextNode.valueOf("x"), null));

        assertThat(content.contentSeen()).isFalse();
    }

    @Test
    void aCallThatWasSentHasItsWholeInput() {
        add(
                TestStreams.item(),
                new ToolDelta("call_1", InputKind.JSON, "{}", null),
                new ToolCall(
                        "call_1",
                        "f",
                        null,
                        null,
                        InputKind.JSON,
                        "{}",
                        Executor.CLIENT,
                        null,
                        null));

        assertThat(closing()).singleElement().isInstanceOf(ItemCompleted.class);
    }
}
