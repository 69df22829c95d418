package io.tidemark.ingest.internal.vendor;

import java.util.Map;

/** On which recordings an SDK and we differ, and why. */
final class VendorDifferences {
    private static final String IN_MESSAGE_START =
            "the SDK leaves out content that message_start holds";

    static final Map<String, String> OF_MESSAGES =
            Map.of(
                    "anthropic-messages/anthropics-anthropic-sdk-python--incomplete-partial-json-response.sse",
                    "of a call that was cut off, the SDK keeps an empty input, we what came of it",
                    "anthropic-messages/vercel-ai--anthropic-programmatic-tool-calling.1-2.sse",
                    IN_MESSAGE_START,
                    "anthropic-messages/vercel-ai--anthropic-programmatic-tool-calling.1-3.sse",
                    IN_MESSAGE_START);
    static final Map<String, String> OF_RESPONSES = Map.of();

    private VendorDifferences() {}
}
