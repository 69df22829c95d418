package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.OutputItem;
import io.tidemark.schemas.ItemBody.Item;

import org.jspecify.annotations.Nullable;

/** What is known, and what was sent, of one output item. */
final class ItemState extends OutputItem {
    private final Parts parts = new Parts(lanes());

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
    private boolean outputSent;

    ItemState(int outputIndex, ItemType type, String providerType, Allowance allowance) {
        super(0, outputIndex, allowance);
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

    ItemType type() {
        return type;
    }

    String providerType() {
        return providerType;
    }

    @Override
    public @Nullable String id() {
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
    @Override
    public @Nullable String callId() {
        boolean byItem = type == ItemType.MCP_CALL || type == ItemType.MCP_APPROVAL_REQUEST;
        return callId == null && byItem ? id : callId;
    }

    /** Which lanes its parts are. */
    Parts parts() {
        return parts;
    }

    /** Whether what its tool answered, or the image it made, was sent whole. */
    boolean outputSent() {
        return outputSent;
    }

    void markOutputSent() {
        outputSent = true;
    }

    @Override
    public @Nullable String agent() {
        return agent;
    }

    @Override
    public String kind() {
        return type.kind();
    }

    @Override
    public Item description() {
        return new Item(type.kind(), providerType, role, phase, name, callId(), serverLabel, null);
    }
}
