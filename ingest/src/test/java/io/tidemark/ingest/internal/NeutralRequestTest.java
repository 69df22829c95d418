package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest.Read;
import io.tidemark.ingest.internal.NeutralRequest.Role;
import io.tidemark.ingest.internal.NeutralRequest.Unreadable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class NeutralRequestTest {
    /** A request with everything the form has. */
    public static final String EVERYTHING =
            """
            {"model":"m-1","maxOutputTokens":100,"temperature":0.5,
             "messages":[
               {"role":"system","content":"Be brief."},
               {"role":"user","content":[{"type":"text","text":"What is this?"},
                 {"type":"image","url":"https://example.org/a.png"},
                 {"type":"image","mimeType":"image/png","base64":"AAAA"}]},
               {"role":"assistant","content":"Let me see.",
                "toolCalls":[{"callId":"call_1","name":"look","input":"{\\"at\\":1}"}]},
               {"role":"tool","callId":"call_1","content":"a cat"},
               {"role":"user","content":"Sure?"}],
             "tools":[{"name":"look","description":"Looks.",
               "parameters":{"type":"object","properties":{"at":{"type":"integer"}}}}]}
            """;

    /** The request that a body is read as. */
    public static NeutralRequest read(String json) {
        assertThat(NeutralRequest.read(object(json))).isInstanceOf(Read.class);
        return NeutralRequest.read(object(json)) instanceof Read(var request)
                ? request
                : new NeutralRequest("", java.util.List.of(), null, null, java.util.List.of());
    }

    private static ObjectNode object(String json) {
        return ProviderJson.object(json).orElseThrow();
    }

    @Test
    void readsEverythingTheFormHas() {
        var request = read(EVERYTHING);

        assertThat(request.system()).isEqualTo("Be brief.");
        assertThat(request.conversation())
                .extracting(NeutralRequest.Message::role)
                .containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER);
        assertThat(request.conversation().get(1).calls()).hasSize(1);
        assertThat(request.tools()).hasSize(1);
        assertThat(request.maxOutputTokens()).isEqualTo(100);
    }

    @Test
    void anInputIsOneMessageOfTheUser() {
        var request = read("{\"model\":\"m-1\",\"input\":\"Hello\"}");

        assertThat(request.messages()).hasSize(1);
        assertThat(request.messages().getFirst().role()).isEqualTo(Role.USER);
        assertThat(request.messages().getFirst().text()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'input':'secret'} | request.model",
                "{'model':'m'} | request.input",
                "{'model':'m','input':'secret','messages':[]} | request.input",
                "{'model':'m','input':7} | request.input",
                "{'model':'m','input':'secret','stream':true} | request.stream",
                "{'model':'m','messages':'secret'} | request.messages",
                "{'model':'m','messages':[]} | request.messages",
                "{'model':'m','messages':['secret']} | request.messages[0]",
                "{'model':'m','messages':[{'role':'system','content':'secret'}]} | request.messages",
                "{'model':'m','messages':[{'role':'robot','content':'secret'}]} | request.messages[0].role",
                "{'model':'m','messages':[{'role':'user'}]} | request.messages[0].content",
                "{'model':'m','messages':[{'role':'tool','content':'secret'}]} | request.messages[0].callId",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'video'}]}]} | request.messages[0].content[0].type",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'image','base64':'A'}]}]} | request.messages[0].content[0].mimeType",
                "{'model':'m','messages':[{'role':'assistant','toolCalls':[{'callId':'c','name':'n','input':'secret'}]}]} | request.messages[0].toolCalls[0].input",
                "{'model':'m','input':'secret','maxOutputTokens':0} | request.maxOutputTokens",
                "{'model':'m','input':'secret','temperature':3} | request.temperature",
                "{'model':'m','input':'secret','tools':[{'name':'n'}]} | request.tools[0].parameters",
            })
    void saysWhichFieldCannotBeUsedAndQuotesNothing(String json, String field) {
        var reading = NeutralRequest.read(object(json.replace('\'', '"')));

        assertThat(reading).isInstanceOf(Unreadable.class);
        assertThat(reading).extracting("field").isEqualTo(field);
        assertThat(reading.toString()).doesNotContain("secret");
    }
}
