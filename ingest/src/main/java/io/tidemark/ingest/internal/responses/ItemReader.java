package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ToolBody.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Reads an item as the provider states it whole, and has everything sent that was not: the rest of
 * its lanes, its sources, its call, what its tool answered.
 */
final class ItemReader {
    private final Outbox out;
    private final OutputWriter writer;
    private final ToolCalls calls;
    private final Unmapped unmapped;

    ItemReader(Outbox out, OutputWriter writer, ToolCalls calls, Unmapped unmapped) {
        this.out = out;
        this.writer = writer;
        this.calls = calls;
        this.unmapped = unmapped;
    }

    /**
     * Sends what is missing of the item, then closes it.
     *
     * @param frame the event that states it
     */
    void finish(ItemState item, JsonNode stated, ItemStatus status, ProviderFrame frame) {
        item.learn(stated);
        content(item, stated, status, frame);
        call(item, stated, status);
        output(item, stated);
        writer.complete(
                item,
                status,
                ProviderJson.word(stated, "signature"),
                ProviderJson.word(stated, "encrypted_content"));
    }

    /** Closes an item that the provider never stated whole. */
    void close(ItemState item, ItemStatus status) {
        if (status == ItemStatus.COMPLETED) {
            call(item, ProviderJson.newObject(), status);
        }
        writer.complete(item, status, null, null);
    }

    /** How the item ended: its own status says so only if it is not one of going on. */
    static ItemStatus status(JsonNode stated, ItemStatus otherwise) {
        if (stated.hasNonNull("error")) {
            return ItemStatus.FAILED;
        }
        return switch (stated.path("status").asText()) {
            case "completed" -> ItemStatus.COMPLETED;
            case "incomplete" -> ItemStatus.INCOMPLETE;
            case "failed" -> ItemStatus.FAILED;
            default -> otherwise;
        };
    }

    private void content(ItemState item, JsonNode stated, ItemStatus status, ProviderFrame frame) {
        switch (item.type()) {
            case MESSAGE, REASONING -> parts(item, stated, status, frame);
            case SHELL_CALL -> commands(item, stated.path("action").path("commands"), status);
            case APPLY_PATCH_CALL -> {
                var diff = stated.path("operation").path("diff").textValue();
                if (diff != null) {
                    whole(item, item.lanes().input(LaneKind.DIFF_INPUT), diff, status);
                }
            }
            case OTHER -> {
                if (!item.completed()) {
                    frame.passOn(unmapped, item.placement());
                }
            }
            default -> {}
        }
    }

    private void parts(ItemState item, JsonNode stated, ItemStatus status, ProviderFrame frame) {
        int summary = 0;
        for (var part : stated.path("summary")) {
            var lane = item.lanes().lane(LaneKind.SUMMARY, summary++);
            whole(item, lane, part.path("text").textValue(), status);
        }
        int index = 0;
        int reasoning = 0;
        for (var part : stated.path("content")) {
            var kind = ContentParts.kind(part);
            if (kind == null) {
                if (!item.completed()) {
                    frame.passOn(unmapped, item.placement(index));
                }
            } else {
                int at = kind == LaneKind.REASONING ? reasoning++ : index;
                whole(item, item.lanes().lane(kind, at), ContentParts.text(part), status);
                sources(item, index, part, frame);
            }
            index++;
        }
    }

    private void sources(ItemState item, int contentIndex, JsonNode part, ProviderFrame frame) {
        boolean known = Citations.stated(writer, item, contentIndex, part.path("annotations"));
        if (!known && !item.completed()) {
            frame.passOn(unmapped, item.placement(contentIndex));
        }
    }

    private void commands(ItemState item, JsonNode commands, ItemStatus status) {
        int index = 0;
        for (var command : commands) {
            var lane = item.lanes().lane(LaneKind.COMMAND_INPUT, index++);
            whole(item, lane, command.textValue(), status);
        }
    }

    private void whole(ItemState item, LaneState lane, @Nullable String text, ItemStatus status) {
        writer.restate(item, lane, text);
        writer.close(item, lane, status != ItemStatus.COMPLETED);
    }

    private void call(ItemState item, JsonNode stated, ItemStatus status) {
        if (item.callSent() || item.type().executor() == null) {
            return;
        }
        var input = input(item, stated);
        /* A failed call was made all the same; an incomplete one never was. */
        if (input != null && status != ItemStatus.INCOMPLETE && ToolCalls.known(item)) {
            writer.call(item, calls.call(item, input, stated));
        }
    }

    /* A call without any input is a call all the same if somebody waits for it to be run. */
    private @Nullable String input(ItemState item, JsonNode stated) {
        var input = ToolCalls.input(item.type(), stated);
        var streamed = ToolCalls.streamedInput(item.type());
        if (streamed == null) {
            return input;
        }
        var lane = item.lanes().input(streamed);
        writer.restate(item, lane, input);
        if (input != null && !input.isEmpty()) {
            return input;
        }
        boolean called =
                input != null || lane.started() || calls.executor(item, stated) == Executor.CLIENT;
        return called ? lane.input() : null;
    }

    private void output(ItemState item, JsonNode stated) {
        if (item.outputSent()) {
            return;
        }
        var result = ToolOutputs.result(item, stated);
        var image = ToolOutputs.image(item, stated);
        if (result != null) {
            item.markOutputSent();
            out.add(item.placement(), result);
        }
        if (image != null) {
            item.markOutputSent();
            out.add(item.placement(), image);
        }
    }
}
