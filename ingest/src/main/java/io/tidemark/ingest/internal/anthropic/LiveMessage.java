package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.LifecycleBody.Status;

import org.jspecify.annotations.Nullable;

/**
 * One message while it is being read: its blocks, what is known of it as a whole, and where what
 * comes of it goes. All handlers work on it; confined to one thread.
 */
final class LiveMessage {
    private final Outbox out = new Outbox();
    private final OutputWriter writer = new OutputWriter(out);
    private final MessagesUsage usage = new MessagesUsage();
    private final Blocks blocks;
    private final Unmapped unmapped;
    private final BlockReader reader;

    private @Nullable String id;
    private @Nullable String model;
    private @Nullable String stopReason;
    private @Nullable ObjectNode stopDetails;
    private boolean accepted;

    LiveMessage(NormaliserContext context) {
        this.blocks = new Blocks(new Allowance(context.limits()));
        this.unmapped = new Unmapped(context.provider(), out);
        this.reader = new BlockReader(out, writer, blocks, unmapped);
    }

    Outbox out() {
        return out;
    }

    OutputWriter writer() {
        return writer;
    }

    Blocks blocks() {
        return blocks;
    }

    BlockReader reader() {
        return reader;
    }

    Unmapped unmapped() {
        return unmapped;
    }

    MessagesUsage usage() {
        return usage;
    }

    @Nullable String id() {
        return id;
    }

    /** The model that serves it. */
    @Nullable String model() {
        return model;
    }

    /** Why it stopped, in the provider's words. */
    @Nullable String stopReason() {
        return stopReason;
    }

    /** What the provider says about the reason. */
    @Nullable ObjectNode stopDetails() {
        return stopDetails;
    }

    /** Whether the provider has said that there is a message. */
    boolean accepted() {
        return accepted;
    }

    /** Whether there is anything of it. */
    boolean begun() {
        return accepted || !blocks.isEmpty();
    }

    /** The provider has taken the request, and says who serves it. */
    void accept(JsonNode message) {
        accepted = true;
        id = ProviderJson.word(message, "id");
        var served = ProviderJson.word(message, "model");
        model = model == null ? served : model;
        var tier = ProviderJson.word(message.path("usage"), "service_tier");
        out.add(new Status(Status.ACCEPTED, id, model, tier, null, null));
    }

    /** Another model goes on with it. */
    void serveBy(@Nullable String other) {
        if (other != null) {
            model = other;
            out.add(new Status(Status.IN_PROGRESS, null, model, null, null, null));
        }
    }

    /** Takes over why it stopped; what the provider leaves out stays as it was. */
    void learnStop(JsonNode stop) {
        var reason = ProviderJson.word(stop, "stop_reason");
        stopReason = reason == null ? stopReason : reason;
        if (stop.path("stop_details") instanceof ObjectNode details && !details.isEmpty()) {
            stopDetails = details;
        }
    }
}
