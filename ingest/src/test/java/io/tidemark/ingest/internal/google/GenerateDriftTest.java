package io.tidemark.ingest.internal.google;

import com.google.genai.types.BlockedReason;
import com.google.genai.types.Content;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.GenerateContentResponsePromptFeedback;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.GroundingChunk;
import com.google.genai.types.GroundingMetadata;
import com.google.genai.types.GroundingSupport;
import com.google.genai.types.Part;
import com.google.genai.types.PartialArg;
import com.google.genai.types.Segment;
import com.google.genai.types.UrlMetadata;

import io.tidemark.ingest.internal.output.MappedNames;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.vendor.VendorDrift;
import io.tidemark.ingest.internal.vendor.VendorFields;
import io.tidemark.ingest.internal.vendor.VendorUnion;
import io.tidemark.schemas.LifecycleBody.Failed;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of generateContent knows what google-genai knows, of the Gemini API and Vertex AI. */
class GenerateDriftTest extends VendorDrift {
    private static final MappedNames MAPPED =
            MappedNames.in(GenerateDriftTest.class, "generate-mapping.json");

    private static final String OF_THE_SDK = "the SDK's own, not on the wire";
    private static final String OF_REQUESTS = "how media of a request is to be read";
    private static final String NO_ROOM = "no event of the protocol has room for it";
    private static final String NO_SOURCE = "how a source was found, and no source";

    @Override
    protected List<Table> tables() {
        return Stream.of(answer(), parts(), grounding(), outcome()).flatMap(List::stream).toList();
    }

    private static List<Table> answer() {
        return List.of(
                new Table(
                        "generate chunks",
                        VendorFields.of("com.google.genai.types.GenerateContentResponse"),
                        MAPPED.fields(),
                        Map.of(
                                "automaticFunctionCallingHistory",
                                OF_THE_SDK,
                                "createTime",
                                "our events say when they came",
                                "modelStatus",
                                "of the model's life, not of the answer",
                                "sdkHttpResponse",
                                OF_THE_SDK)),
                new Table(
                        "generate candidates",
                        VendorFields.of(com.google.genai.types.Candidate.class),
                        MAPPED.fields("candidates"),
                        Map.of(
                                "avgLogprobs", "the mean of what is passed on token by token",
                                "finishMessage", NO_ROOM,
                                "tokenCount", "usage counts all candidates together")),
                new Table(
                        "generate usage",
                        VendorFields.of(GenerateContentResponseUsageMetadata.class),
                        MAPPED.fields("usageMetadata"),
                        Map.of("cacheTokensDetails", "no figure of ours, and raw holds it")));
    }

    private static List<Table> parts() {
        return List.of(
                new Table(
                        "generate content",
                        VendorFields.of(Content.class),
                        MAPPED.fields("candidates", "content")),
                new Table(
                        "generate parts",
                        VendorFields.of(Part.class),
                        MAPPED.fields("candidates", "content", "parts"),
                        Map.of(
                                "mediaProcessing", OF_REQUESTS,
                                "mediaResolution", OF_REQUESTS,
                                "partMetadata", "the caller's notes on parts of a request",
                                "videoMetadata", OF_REQUESTS)),
                new Table(
                        "generate calls",
                        VendorFields.of(FunctionCall.class),
                        MAPPED.fields("candidates", "content", "parts", "functionCall")),
                new Table(
                        "generate pieces of calls",
                        VendorFields.of(PartialArg.class),
                        MAPPED.fields(
                                "candidates", "content", "parts", "functionCall", "partialArgs")));
    }

    private static List<Table> grounding() {
        return List.of(
                new Table(
                        "generate grounding",
                        VendorFields.of(GroundingMetadata.class),
                        MAPPED.fields("candidates", "groundingMetadata"),
                        Map.of(
                                "googleMapsWidgetContextToken", NO_ROOM,
                                "imageSearchQueries", NO_SOURCE,
                                "retrievalMetadata", NO_SOURCE,
                                "retrievalQueries", NO_SOURCE,
                                "searchEntryPoint", NO_ROOM,
                                "sourceFlaggingUris", "where readers complain of a source")),
                new Table(
                        "generate sources",
                        VendorFields.of(GroundingChunk.class),
                        MAPPED.fields("candidates", "groundingMetadata", "groundingChunks")),
                new Table(
                        "generate supports",
                        VendorFields.of(GroundingSupport.class),
                        MAPPED.fields("candidates", "groundingMetadata", "groundingSupports"),
                        Map.of(
                                "confidenceScores",
                                NO_ROOM,
                                "renderedParts",
                                "an item of ours is more than a part")),
                new Table(
                        "generate passages",
                        VendorFields.of(Segment.class),
                        MAPPED.fields(
                                "candidates", "groundingMetadata", "groundingSupports", "segment"),
                        Map.of("partIndex", "an item of ours is more than a part")),
                new Table(
                        "generate pages that were given",
                        VendorFields.of(UrlMetadata.class),
                        MAPPED.fields("candidates", "urlContextMetadata", "urlMetadata")));
    }

    private static List<Table> outcome() {
        var reasonsToBlock = VendorUnion.constants(BlockedReason.Known.class);
        return List.of(
                new Table(
                        "generate finish reasons",
                        VendorUnion.constants(FinishReason.Known.class),
                        FinishReasons.words(),
                        Map.of("FINISH_REASON_UNSPECIFIED", "as long as there is no reason")),
                new Table(
                        "generate feedback on prompts",
                        VendorFields.of(GenerateContentResponsePromptFeedback.class),
                        MAPPED.fields("promptFeedback")),
                new Table(
                        "generate reasons to block",
                        reasonsToBlock,
                        blocking(reasonsToBlock),
                        Map.of("BLOCKED_REASON_UNSPECIFIED", "as long as there is no reason")));
    }

    /* There is no table of them: any reason blocks. */
    private static Set<String> blocking(Set<String> reasons) {
        return reasons.stream().filter(GenerateDriftTest::blocks).collect(Collectors.toSet());
    }

    private static boolean blocks(String reason) {
        var chunk = "{\"promptFeedback\":{\"blockReason\":\"%s\"}}".formatted(reason);
        return new Pump(new GenerateApi()).frame(chunk).getLast().body() instanceof Failed failed
                && failed.code().equals("content_blocked");
    }
}
