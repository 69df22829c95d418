package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

class StatusServerIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private final StatusServer server = StatusServer.start("127.0.0.1", 0, () -> "tidemark_up 1\n");

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    @Test
    void isAliveFromItsStartAndReadyWhileTheRoleWorks() throws Exception {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("starting\n");

        var readiness = server.ready();
        assertThat(get("/readyz").statusCode()).isEqualTo(200);

        readiness.close();
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("stopping\n");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void showsTheMeters() throws Exception {
        var answer = get("/metrics");

        assertThat(answer.body()).isEqualTo("tidemark_up 1\n");
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void hasNothingElseAndCanOnlyBeRead() throws Exception {
        var uri = server.address().resolve("/healthz");
        var post = HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build();

        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/healthz/more").statusCode()).isEqualTo(404);
        var answer = http.send(post, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET");
    }

    @Test
    void aClientThatSaysNothingKeepsNobodyWaiting() throws Exception {
        var address = server.address();
        try (var silent = new Socket(address.getHost(), address.getPort())) {
            silent.getOutputStream().write("GET /hea".getBytes(UTF_8));
            silent.getOutputStream().flush();

            assertThat(get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysWhichAddressCannotBeHad() {
        int taken = server.address().getPort();

        assertThatThrownBy(() -> StatusServer.start("127.0.0.1", taken, () -> ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("127.0.0.1:" + taken);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.address().resolve(path)).build();
        return http.send(request, BodyHandlers.ofString());
    }
}
