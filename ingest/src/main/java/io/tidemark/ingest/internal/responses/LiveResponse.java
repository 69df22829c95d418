package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Status;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;

/**
 * One response while it is being read: its items, what is known of it as a whole, and where what
 * comes of it goes. All handlers work on it; confined to one thread.
 */
final class LiveResponse {
    private final NormaliserContext context;
    private final Outbox out = new Outbox();
    private final DeclaredTools tools = new DeclaredTools();
    private final ToolCalls calls = new ToolCalls(tools);
    private final ItemTable items;
    private final OutputWriter writer = new OutputWriter(out);
    private final Unmapped unmapped;
    private final ItemReader reader;

    private @Nullable String responseId;
    private @Nullable String model;
    private @Nullable String serviceTier;
    private boolean identified;
    private final Set<String> entered = new HashSet<>();
    private @Nullable ProviderError heldError;

    LiveResponse(NormaliserContext context) {
        this.context = context;
        this.items = new ItemTable(new Allowance(context.limits()));
        this.unmapped = new Unmapped(context.provider(), out);
        this.reader = new ItemReader(out, writer, calls, unmapped);
        tools.learn(context.request().path("tools"));
    }

    JsonNode request() {
        return context.request();
    }

    Outbox out() {
        return out;
    }

    ItemTable items() {
        return items;
    }

    OutputWriter writer() {
        return writer;
    }

    ToolCalls calls() {
        return calls;
    }

    ItemReader reader() {
        return reader;
    }

    Unmapped unmapped() {
        return unmapped;
    }

    @Nullable String responseId() {
        return responseId;
    }

    @Nullable String model() {
        return model;
    }

    /** An error that was announced and may be followed by more about it. */
    @Nullable ProviderError heldError() {
        return heldError;
    }

    void hold(ProviderError error) {
        heldError = heldError == null ? error : heldError.orElse(error);
    }

    /** Takes over what the provider says of the response as a whole. */
    void learn(JsonNode response) {
        responseId = responseId == null ? ProviderJson.word(response, "id") : responseId;
        var served = ProviderJson.word(response, "model");
        model = served == null ? model : served;
        var tier = ProviderJson.word(response, "service_tier");
        serviceTier = tier == null ? serviceTier : tier;
        tools.learn(response.path("tools"));
    }

    /**
     * The response has another status; a repetition is only a sign of life, but compacting comes in
     * turns with progress. Who serves it is said once, with the first.
     */
    void enter(String name) {
        if (!entered.add(name)) {
            return;
        }
        switch (name) {
            case Status.IN_PROGRESS -> entered.remove(Status.COMPACTING);
            case Status.COMPACTING -> entered.remove(Status.IN_PROGRESS);
            default -> {}
        }
        out.add(
                identified
                        ? Status.of(name)
                        : new Status(name, responseId, model, serviceTier, null, null));
        identified |= responseId != null;
    }

    /** The item that an event speaks of, which is started if it was not. */
    ItemState item(ProviderFrame frame, ItemType assumed) {
        var known = items.find(frame, assumed);
        if (known.isPresent()) {
            known.get().learnAgent(frame.agent());
            return known.get();
        }
        var item = items.open(frame, assumed, assumed.wire());
        var stated = ProviderJson.newObject().put("id", frame.itemId());
        item.learn(stated);
        item.learnAgent(frame.agent());
        writer.start(item);
        return item;
    }

    /** Closes whatever is open. */
    void closeAll(ItemStatus status) {
        items.all().forEach(item -> reader.close(item, status));
    }
}
