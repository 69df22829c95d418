package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The functions that one candidate calls: whole in one part, or over several parts, of which the
 * first has the name and the last says that it is not continued. Confined to one thread.
 */
final class FunctionCalls {
    private final LiveGeneration live;
    private final Candidate candidate;
    private final List<OpenCall> open = new ArrayList<>();
    private final List<Sent> unanswered = new ArrayList<>();

    /** A call that was sent, as far as its answer may refer to it. */
    private record Sent(String id, String name, Executor executor) {}

    FunctionCalls(LiveGeneration live, Candidate candidate) {
        this.live = live;
        this.candidate = candidate;
    }

    /** A part that is a call, or a piece of one. */
    void read(JsonNode part, @Nullable String signature) {
        var call = find(part);
        if (call == null) {
            var name = ProviderJson.word(part, "name");
            if (name == null) {
                candidate.variant("functionCall");
                return;
            }
            call = begin(name, ProviderJson.word(part, "id"));
        }
        call.sign(signature);
        call.add(part);
        if (!part.path("willContinue").asBoolean()) {
            finish(call);
        }
    }

    /*
     * A piece without a name belongs to the last call that is open, or to the one it names by id.
     * One that repeats the name goes on if it brings arguments: a new call begins without.
     */
    private @Nullable OpenCall find(JsonNode part) {
        var id = ProviderJson.word(part, "id");
        if (id != null) {
            var same = open.stream().filter(call -> call.id().equals(id)).findFirst();
            if (same.isPresent()) {
                return same.get();
            }
        }
        var name = ProviderJson.word(part, "name");
        if (open.isEmpty() || (name != null && id != null)) {
            return null;
        }
        var last = open.getLast();
        boolean continues = name == null || (name.equals(last.name()) && part.has("partialArgs"));
        return continues ? last : null;
    }

    private OpenCall begin(String name, @Nullable String id) {
        var callId = id == null ? candidate.nextCallId() : id;
        var item = candidate.started(Item.TOOL_CALL, "functionCall", name, callId);
        var call = new OpenCall(live, item, name, callId);
        open.add(call);
        return call;
    }

    private void finish(OpenCall call) {
        var server = live.servers().of(call.name());
        var executor = server == null ? Executor.CLIENT : Executor.MCP;
        var whole =
                new ToolCall(
                        call.id(),
                        call.name(),
                        null,
                        server,
                        InputKind.JSON,
                        call.input(),
                        executor,
                        null,
                        call.signature());
        open.remove(call);
        call.discard();
        live.writer().call(call.item(), whole);
        candidate.completed(call.item(), null);
        unanswered.add(new Sent(call.id(), call.name(), executor));
    }

    /** Finishes what is whole though the provider did not say so, now that it has ended well. */
    void finishWhole() {
        List.copyOf(open).stream().filter(OpenCall::whole).forEach(this::finish);
    }

    /** Closes what is open, without a call: whoever runs it would run half of it. */
    void close(ItemStatus status) {
        for (var call : open) {
            var end = status == ItemStatus.COMPLETED ? ItemStatus.INCOMPLETE : status;
            call.discard();
            live.writer().complete(call.item(), end, call.signature(), null);
        }
        open.clear();
    }

    /**
     * The provider gave the answer to a call itself.
     *
     * @return the id of the call, as far as it is known
     */
    @Nullable String answered(@Nullable String id, @Nullable String name) {
        var call =
                unanswered.stream()
                        .filter(it -> id == null ? it.name().equals(name) : it.id().equals(id))
                        .findFirst();
        call.ifPresent(unanswered::remove);
        return id == null ? call.map(Sent::id).orElse(null) : id;
    }

    /** Whether there are calls that only the client can answer. */
    boolean leftToClient() {
        return unanswered.stream().anyMatch(call -> call.executor() == Executor.CLIENT);
    }

    /** Whether there are calls that the provider itself is about to answer. */
    boolean awaitsServer() {
        return unanswered.stream().anyMatch(call -> call.executor() == Executor.MCP);
    }
}
