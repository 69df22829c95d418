package io.tidemark.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page, steered over the DevTools protocol. Confined to one thread.
 */
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LISTENING = "DevTools listening on ";
    private static final int ANSWER_SECONDS = 20;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<JsonNode> answers = new ArrayBlockingQueue<>(1_000);
    private final WebSocket page;
    private int lastId;

    private Chromium(Process process, URI browser, URI address)
            throws IOException, InterruptedException {
        this.process = process;
        var create = URI.create("http://" + browser.getAuthority() + "/json/new?" + address);
        var created =
                http.send(
                        HttpRequest.newBuilder(create).PUT(BodyPublishers.noBody()).build(),
                        BodyHandlers.ofString());
        var socket = JSON.readTree(created.body()).path("webSocketDebuggerUrl").asText();
        page = http.newWebSocketBuilder().buildAsync(URI.create(socket), new Answers()).join();
    }

    /** Where the browser is, if this machine has one. */
    static Optional<Path> executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Chromium open(Path executable, Path profile, URI address)
            throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                executable.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--user-data-dir=" + profile,
                                "--remote-debugging-port=0",
                                "about:blank")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var browser = devTools(process.errorReader(StandardCharsets.UTF_8));
        return new Chromium(process, browser, address);
    }

    private static URI devTools(BufferedReader errors) throws IOException {
        for (var line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofVirtual().start(() -> errors.lines().forEach(_ -> {}));
                return URI.create(line.substring(LISTENING.length()));
            }
        }
        throw new IOException("the browser ended before it listened");
    }

    /** The value of an expression in the page. */
    JsonNode evaluate(String expression) throws InterruptedException {
        var message = JSON.createObjectNode().put("id", ++lastId).put("method", "Runtime.evaluate");
        message.putObject("params")
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true);
        page.sendText(message.toString(), true).join();
        while (true) {
            var answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer from the browser");
            }
            if (answer.path("id").asInt() == lastId) {
                if (answer.path("result").has("exceptionDetails")) {
                    throw new AssertionError("the page threw: " + answer);
                }
                return answer.path("result").path("result").path("value");
            }
        }
    }

    @Override
    public void close() {
        page.abort();
        http.shutdownNow();
        process.destroyForcibly().onExit().join();
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                try {
                    answers.add(JSON.readTree(message.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException("the browser did not answer in JSON", e);
                }
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
