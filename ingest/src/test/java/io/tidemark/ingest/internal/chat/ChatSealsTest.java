package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.DeltaBody.AudioDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ReportBody.SafetyUpdated;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What is only known when a choice ends, and what is put together across chunks. */
class ChatSealsTest {
    private final Pump pump = new Pump(new ChatApi());

    @Test
    void aBlockOfReasoningKeepsWhatSignsIt() {
        delta("'reasoning':'One.','reasoning_details':[{'type':'reasoning.text','text':'One.'}]");
        delta("'reasoning_details':[{'type':'reasoning.text','text':'','signature':'sig-1'}]");
        delta("'reasoning_details':[{'type':'reasoning.encrypted','data':'gAAA'}]");
        delta("'reasoning':'Two.'");
        delta("'reasoning_details':[{'type':'reasoning.text','signature':'sig-2'}]");
        delta("'reasoning_details':[{'type':'reasoning.text','signature':'sig-2'}]");
        delta("'reasoning_details':[{'type':'reasoning.encrypted','data':'gBBB'}]");
        delta("'reasoning_details':[{'type':'reasoning.encrypted','data':'gCCC'}]");

        assertThat(completed())
                .extracting(
                        ItemCompleted::kind,
                        ItemCompleted::signature,
                        ItemCompleted::encryptedContent)
                .containsExactly(
                        tuple("reasoning", "sig-1", "gAAA"),
                        tuple("reasoning", "sig-2", "gBBB"),
                        tuple("reasoning", null, "gCCC"));
    }

    @Test
    void aMessageKeepsItsThoughtSignature() {
        delta("'content':'Hi','extra_content':{'google':{'thought_signature':'sig'}}");

        assertThat(completed()).extracting(ItemCompleted::signature).containsExactly("sig");
    }

    @Test
    void thinkTagsArePlainText() {
        delta("'content':'<think>Hm.</think>Hi'");

        assertThat(completed()).extracting(ItemCompleted::kind).containsExactly("message");
        assertThat(pump.response().items().getFirst().content().getFirst().text())
                .isEqualTo("<think>Hm.</think>Hi");
    }

    @Test
    void aCharacterCutInTwoIsMended() {
        delta("'content':'\\ud83d'");
        delta("'content':'\\ude00'");
        end();

        assertThat(bodies())
                .filteredOn(TextDelta.class::isInstance)
                .extracting(body -> ((TextDelta) body).text())
                .containsExactly("😀");
    }

    @Test
    void theRestOfAudioWithoutPaddingIsSentAtTheEnd() {
        delta("'audio':{'data':'AAECAw'}");
        end();

        assertThat(bodies())
                .filteredOn(AudioDelta.class::isInstance)
                .extracting(body -> ((AudioDelta) body).base64())
                .containsExactly("AAEC", "Aw");
    }

    @Test
    void aRestOfAudioThatIsNoneIsLeftOut() {
        delta("'audio':{'data':'AAECA'}");
        end();

        assertThat(bodies()).filteredOn(AudioDelta.class::isInstance).hasSize(1);
    }

    @Test
    void aFilterThatLetEverythingPassIsHeardOnceAtTheEnd() {
        for (int i = 0; i < 3; i++) {
            filtered("false");
        }
        assertThat(bodies()).noneMatch(SafetyUpdated.class::isInstance);
        end();

        assertThat(safety()).extracting(SafetyUpdated::blocked).containsExactly(false);
    }

    @Test
    void aFilterThatFoundSomethingIsHeardOnce() {
        filtered("true");
        filtered("true");
        filtered("false");
        end();

        assertThat(safety()).extracting(SafetyUpdated::blocked).containsExactly(true);
    }

    private void filtered(String found) {
        frame(
                "{'choices':[{'index':0,'delta':{'content':'x'},'content_filter_results':{'hate':{'filtered':%s}}}]}"
                        .formatted(found));
    }

    private List<SafetyUpdated> safety() {
        return bodies().stream()
                .filter(SafetyUpdated.class::isInstance)
                .map(SafetyUpdated.class::cast)
                .toList();
    }

    private List<ItemCompleted> completed() {
        end();
        return bodies().stream()
                .filter(ItemCompleted.class::isInstance)
                .map(ItemCompleted.class::cast)
                .toList();
    }

    private void end() {
        frame("{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}");
        pump.end();
        StreamRules.check(pump.events());
    }

    private List<EventBody> bodies() {
        return pump.drafts().stream().map(Draft::body).toList();
    }

    private void delta(String fields) {
        frame("{'choices':[{'index':0,'delta':{" + fields + "}}]}");
    }

    private void frame(String singleQuoted) {
        pump.frame(singleQuoted.replace('\'', '"'));
    }
}
