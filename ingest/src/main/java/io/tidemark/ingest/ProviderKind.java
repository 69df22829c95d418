package io.tidemark.ingest;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;

/** The families of provider APIs, with the dialects that each speaks. */
public enum ProviderKind {
    OPENAI(
            URI.create("https://api.openai.com/v1"),
            "openai.responses",
            "openai.chat",
            "openai.transcriptions"),
    /** One of the many servers that speak Chat Completions first and the rest if at all. */
    OPENAI_COMPATIBLE(null, "openai.chat", "openai.responses", "openai.transcriptions"),
    ANTHROPIC(URI.create("https://api.anthropic.com"), "anthropic.messages"),
    GEMINI(URI.create("https://generativelanguage.googleapis.com"), "google.generate");

    private final @Nullable URI baseUrl;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> apis;

    ProviderKind(@Nullable URI baseUrl, String... apis) {
        this.baseUrl = baseUrl;
        this.apis = List.of(apis);
    }

    /** Where the vendor's own SDK finds it; absent where there is no one vendor. */
    public @Nullable URI baseUrl() {
        return baseUrl;
    }

    /** The dialects it speaks; requests in none are translated to the first. */
    public List<String> apis() {
        return apis;
    }
}
