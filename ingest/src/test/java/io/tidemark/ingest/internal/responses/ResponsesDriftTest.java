package io.tidemark.ingest.internal.responses;

import com.openai.models.beta.responses.BetaResponseOutputItem;
import com.openai.models.beta.responses.BetaResponseStreamEvent;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStreamEvent;

import io.tidemark.ingest.internal.vendor.VendorDrift;
import io.tidemark.ingest.internal.vendor.VendorUnion;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The tables of the Responses API know what openai-java knows, its beta included. */
class ResponsesDriftTest extends VendorDrift {
    private static final String INPUT = "an item of the request, which no response is made of";
    private static final String AGENTS = "of the beta of several agents; passed on as it is";

    @Override
    protected List<Table> tables() {
        return List.of(
                new Table(
                        "responses events",
                        types(ResponseStreamEvent.class, BetaResponseStreamEvent.class),
                        FrameTable.types()),
                new Table(
                        "responses items",
                        types(ResponseOutputItem.class, BetaResponseOutputItem.class),
                        ItemType.names(),
                        Map.of(
                                "additional_tools", INPUT,
                                "mcp_approval_response", INPUT,
                                "agent_message", AGENTS,
                                "multi_agent_call", AGENTS,
                                "multi_agent_call_output", AGENTS)),
                new Table(
                        "responses parts",
                        types(ResponseOutputMessage.Content.class),
                        ContentParts.types()),
                new Table(
                        "responses citations",
                        types(ResponseOutputText.Annotation.class),
                        Citations.kinds()));
    }

    private static Set<String> types(Class<?>... unions) {
        var all = new TreeSet<String>();
        for (var union : unions) {
            all.addAll(VendorUnion.types(union));
        }
        return all;
    }
}
