package io.tidemark.edge.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code GET /}: one page to try the edge with. It is a single file; the policy that goes with it
 * allows its own script and style, by their hashes, and connections to this edge, and nothing else.
 * Immutable.
 */
final class PageEndpoint implements Endpoint {
    private final Reply page;

    PageEndpoint() {
        var html = read();
        var policy =
                "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                        + "frame-ancestors 'none'; script-src '%s'; style-src '%s'"
                                .formatted(hash(html, "script"), hash(html, "style"));
        this.page =
                new Reply(200, "text/html; charset=utf-8", html, Map.of())
                        .with(
                                Map.of(
                                        "Content-Security-Policy",
                                        policy,
                                        "Referrer-Policy",
                                        "no-referrer"));
    }

    private static String read() {
        try (var in = PageEndpoint.class.getResourceAsStream("page.html")) {
            if (in == null) {
                throw new IllegalStateException("page.html is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String html, String element) {
        var matcher =
                Pattern.compile("<%1$s>(.*?)</%1$s>".formatted(element), Pattern.DOTALL)
                        .matcher(html);
        if (!matcher.find()) {
            throw new IllegalStateException("page.html has no " + element);
        }
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(matcher.group(1).getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void handle(Call call) {
        call.answer(page);
    }
}
