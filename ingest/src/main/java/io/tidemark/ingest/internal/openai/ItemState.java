package io.tidemark.ingest.internal.openai;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

/** What is known, and what was sent, of one output item. */
final class ItemState {
    private final int outputIndex;
    private final Lanes lanes;
    private final Citations citations = new Citations();

    private ItemType type;
    private String providerType;
    private @Nullable String id;
    private @Nullable String agent;
    private @Nullable String role;
    private @Nullable String phase;
    private @Nullable String name;
    private @Nullable String namespace;
    private @Nullable String callId;
    private @Nullable String serverLabel;
    private @Nullable String toolStatus;
    private boolean callSent;
    private boolean outputSent;
    private boolean completed;

    ItemState(int outputIndex, ItemType type, String providerType, Allowance allowance) {
        this.outputIndex = outputIndex;
        this.lanes = new Lanes(allowance);
        this.type = type;
        this.providerType = providerType;
    }

    /** Takes over what the provider says of the item; what it leaves out stays as it was. */
    void learn(JsonNode item) {
        var named = ProviderJson.word(item, "type");
        if (named != null) {
            providerType = named;
            type = ItemType.named(named);
        }
        id = newer(id, ProviderJson.word(item, "id"));
        agent = newer(agent, ProviderJson.word(item.path("agent"), "agent_name"));
        role = newer(role, ProviderJson.word(item, "role"));
        phase = newer(phase, ProviderJson.word(item, "phase"));
        name = newer(name, ProviderJson.word(item, "name"));
        namespace = newer(namespace, ProviderJson.word(item, "namespace"));
        callId = newer(callId, ProviderJson.word(item, "call_id"));
        serverLabel = newer(serverLabel, ProviderJson.word(item, "server_label"));
    }

    /** Takes over the name of the agent that an event about the item came from. */
    void learnAgent(@Nullable String agentName) {
        agent = newer(agent, agentName);
    }

    /** Takes over the name of the tool that is called. */
    void learnName(@Nullable String toolName) {
        name = newer(name, toolName);
    }

    private static @Nullable String newer(@Nullable String known, @Nullable String said) {
        return said == null ? known : said;
    }

    int outputIndex() {
        return outputIndex;
    }

    ItemType type() {
        return type;
    }

    String providerType() {
        return providerType;
    }

    @Nullable String id() {
        return id;
    }

    @Nullable String name() {
        return name;
    }

    @Nullable String namespace() {
        return namespace;
    }

    @Nullable String serverLabel() {
        return serverLabel;
    }

    /** Id of the call; MCP calls have none of their own and are referred to by their item's. */
    @Nullable String callId() {
        boolean byItem = type == ItemType.MCP_CALL || type == ItemType.MCP_APPROVAL_REQUEST;
        return callId == null && byItem ? id : callId;
    }

    Lanes lanes() {
        return lanes;
    }

    Citations citations() {
        return citations;
    }

    boolean callSent() {
        return callSent;
    }

    void markCallSent() {
        callSent = true;
    }

    /** Whether what its tool answered, or the image it made, was sent whole. */
    boolean outputSent() {
        return outputSent;
    }

    void markOutputSent() {
        outputSent = true;
    }

    boolean completed() {
        return completed;
    }

    void markCompleted() {
        completed = true;
    }

    /** Whether the status of its tool is another one than before. */
    boolean enters(String status) {
        boolean entered = !status.equals(toolStatus);
        toolStatus = status;
        return entered;
    }

    Item description() {
        return new Item(type.kind(), providerType, role, phase, name, callId(), serverLabel, null);
    }

    Placement placement() {
        return Placement.item(outputIndex, id).withAgent(agent);
    }

    Placement placement(@Nullable Integer contentIndex) {
        return contentIndex == null
                ? placement()
                : Placement.content(outputIndex, contentIndex, id).withAgent(agent);
    }
}
