package io.tidemark.ingest.internal.output;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.Speaker;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.Form;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.jspecify.annotations.Nullable;

/** What a lane of an item is made of. */
public enum LaneKind {
    TEXT(Lane.TEXT, null, null),
    REFUSAL(Lane.REFUSAL, null, null),
    REASONING(Lane.REASONING, Form.FULL, null),
    SUMMARY(Lane.REASONING, Form.SUMMARY, null),
    TRANSCRIPT(Lane.TRANSCRIPT, null, null),
    AUDIO(Lane.AUDIO, null, null),
    JSON_INPUT(Lane.TOOL, null, InputKind.JSON),
    TEXT_INPUT(Lane.TOOL, null, InputKind.TEXT),
    CODE_INPUT(Lane.TOOL, null, InputKind.CODE),
    COMMAND_INPUT(Lane.TOOL, null, InputKind.COMMAND),
    DIFF_INPUT(Lane.TOOL, null, InputKind.DIFF),
    /** Values of a call's input, each with its path; see {@link OutputWriter#deltaAt}. */
    JSON_PATH_INPUT(Lane.TOOL, null, InputKind.JSON_PATH);

    private final Lane lane;
    private final @Nullable Form form;
    private final @Nullable InputKind inputKind;

    LaneKind(Lane lane, @Nullable Form form, @Nullable InputKind inputKind) {
        this.lane = lane;
        this.form = form;
        this.inputKind = inputKind;
    }

    public Lane lane() {
        return lane;
    }

    public @Nullable Form form() {
        return form;
    }

    /** What a tool's input is made of; absent for what is no tool's input. */
    public @Nullable InputKind inputKind() {
        return inputKind;
    }

    /** Whether the call's input is put together from such a lane where it is not restated. */
    public boolean assembled() {
        return switch (this) {
            case JSON_INPUT, TEXT_INPUT, CODE_INPUT -> true;
            case TEXT,
                    REFUSAL,
                    REASONING,
                    SUMMARY,
                    TRANSCRIPT,
                    AUDIO,
                    COMMAND_INPUT,
                    DIFF_INPUT,
                    JSON_PATH_INPUT ->
                    false;
        };
    }

    /** Whether an event of such a lane can carry log probabilities, with text or without. */
    public boolean weighed() {
        return this == TEXT || this == TRANSCRIPT;
    }

    /** The event that carries a piece of such a lane. */
    public EventBody delta(String text, @Nullable ArrayNode logprobs, @Nullable String callId) {
        return switch (this) {
            case TEXT -> new TextDelta(text, logprobs);
            case REFUSAL -> new RefusalDelta(text);
            case REASONING, SUMMARY -> new ReasoningDelta(text, form);
            case TRANSCRIPT ->
                    new TranscriptDelta(
                            text, Speaker.ASSISTANT, null, null, null, null, null, logprobs);
            case JSON_INPUT, TEXT_INPUT, CODE_INPUT, COMMAND_INPUT, DIFF_INPUT ->
                    new ToolDelta(callId, requireNonNull(inputKind, "inputKind"), text, null);
            case JSON_PATH_INPUT -> throw new IllegalArgumentException("a value has a path");
            case AUDIO -> throw new IllegalArgumentException("audio is not made of text");
        };
    }
}
