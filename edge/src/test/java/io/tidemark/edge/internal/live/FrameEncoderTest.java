package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class FrameEncoderTest {
    private static final StreamId ID = Records.id(1);

    @Test
    void theDataAreTheRecordsBytes() {
        var json = "{\"text\":\"äöü 🙂 \\n\", \"n\" : 1.50}";
        var frame = frame("text.delta", json);

        assertThat(text(frame)).isEqualTo("id: 7\nevent: text.delta\ndata: " + json + "\n\n");
        assertThat(frame.data()).isEqualTo(json);
        assertThat(frame.after()).isEqualTo(new Cursor(8, new Attempt(0, 2), 43));
    }

    @Test
    void lineBreaksBecomeLinesOfData() {
        assertThat(text(frame("a", "{\n1\r\n2\r3}")))
                .isEqualTo("id: 7\nevent: a\ndata: {\ndata: 1\ndata: 2\ndata: 3}\n\n");
    }

    @Test
    void aForeignTypeCannotForgeFields() {
        assertThat(text(frame("a\nid: 9\rdata: x", "{}")))
                .isEqualTo("id: 7\nevent: aid: 9data: x\ndata: {}\n\n");
    }

    @Test
    void theTerminalTypesAreKnownByName() {
        assertThat(frame("stream.completed", "{}").terminal()).isTrue();
        assertThat(frame("stream.failed", "{}").terminal()).isTrue();
        assertThat(frame("stream.status", "{}").terminal()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1,'signature':'s','b':2}|{'a':1,'b':2}",
                "{'a':1,'encryptedContent':'s'}|{'a':1}",
                "{'a':1, 'signature' : {'x':[1,2]} ,'encryptedContent':null }|{'a':1 }",
                "{'signature':'s','a':1}|{'a':1}",
                "{'signature':'s','encryptedContent':'t','a':{'signature':1}}|{'a':{'signature':1}}",
                "{'signature':'s'}|{}",
                "{'a':1.50,'b':'\\u00e9'}|{'a':1.50,'b':'\\u00e9'}",
                "{'sign\\u0061ture':'s','a':1}|{'a':1}"
            })
    void serverSideFieldsAreCutAndNothingElseIsTouched(String json, String wanted) {
        for (var type : new String[] {"item.completed", "tool.call"}) {
            assertThat(frame(type, json.replace('\'', '"')).data())
                    .isEqualTo(wanted.replace('\'', '"'));
        }
        assertThat(frame("text.delta", json).data()).isEqualTo(json);
    }

    @Test
    void whatCannotBeReadIsWithheld() {
        assertThat(frame("item.completed", "{\"signature\":\"s\"").data())
                .contains("\"sequence\":7", ID.toString())
                .doesNotContain("signature");
    }

    private static Frame frame(String type, String json) {
        EventRecord.Entry entry = Records.entry(ID, 2, 7, type, json);
        return FrameEncoder.encode(entry, 42, 0);
    }

    private static String text(Frame frame) {
        return StandardCharsets.UTF_8.decode(frame.bytes()).toString();
    }
}
