package io.tidemark.edge;

import static io.tidemark.edge.Client.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.edge.internal.http.TestCertificates;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;

/** An edge that speaks HTTPS itself. */
@RunsOnKafka
class TlsIT {
    private static TestCertificates.Pair first;
    private static TestCertificates.Pair second;
    private static SSLContext trusting;

    @TempDir private Path directory;
    private final World world = new World();

    @BeforeAll
    static void make() throws Exception {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        first = TestCertificates.make("EC");
        second = TestCertificates.make("EC");
        trusting = trusting();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static SSLContext trusting() throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("first", certificate(first));
        store.setCertificateEntry("second", certificate(second));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static X509Certificate certificate(TestCertificates.Pair pair) throws Exception {
        var bytes = pair.certificate().getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(bytes));
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private Edge edge() throws Exception {
        var tls = new TlsConfig(file("tls.crt"), file("tls.key"), Duration.ofMillis(50));
        return world.edge(
                world.config()
                        .with(ListenConfig.defaults().with(tls))
                        .with(
                                new StreamingConfig(
                                        Duration.ofMillis(200), Duration.ZERO, Duration.ZERO))
                        .with(
                                new TimeoutsConfig(
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(1))));
    }

    private static HttpClient client(Version version) {
        return HttpClient.newBuilder().sslContext(trusting).version(version).build();
    }

    private static HttpResponse<InputStream> events(HttpClient client, URI edge, StreamId id)
            throws Exception {
        var request =
                HttpRequest.newBuilder(edge.resolve(Client.events(id, "")))
                        .header("Accept", "text/event-stream")
                        .timeout(Duration.ofSeconds(30))
                        .build();
        return client.send(request, BodyHandlers.ofInputStream());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void eventsAreReadInTheVersionThatTheClientOffers(Version version) throws Exception {
        first.write(file("tls.crt"), file("tls.key"));
        var edge = edge();
        var writer = world.writer().start().deltas(500).complete();
        writer.flush();
        try (var client = client(version)) {
            var response = events(client, edge.address(), writer.id);

            assertThat(edge.address()).hasScheme("https");
            assertThat(response.version()).isEqualTo(version);
            assertThat(Client.data(new Sse(response.body()).rest())).isEqualTo(writer.written());
        }
    }

    @Test
    void manyReadersShareAConnectionAndOneThatLeavesDisturbsNoOther() throws Exception {
        first.write(file("tls.crt"), file("tls.key"));
        var edge = edge();
        var writer = world.writer().start();
        try (var client = client(Version.HTTP_2)) {
            var leaving = events(client, edge.address(), writer.id);
            var staying = new Sse(events(client, edge.address(), writer.id).body());
            staying.take(1);
            leaving.body().close();
            Awaitility.await().until(() -> world.readers() == 1);
            writer.deltas(2).complete();

            assertThat(ids(staying.rest())).containsExactly("1", "2", "3");
        }
    }

    @Test
    void newConnectionsGetTheNewCertificateAndOpenOnesGoOn() throws Exception {
        first.write(file("tls.crt"), file("tls.key"));
        var edge = edge();
        var writer = world.writer().start();
        try (var before = client(Version.HTTP_1_1)) {
            var events = new Sse(events(before, edge.address(), writer.id).body());
            events.take(1);
            assertThat(shown(edge)).isEqualTo(certificate(first));

            second.write(file("tls.crt"), file("tls.key"));

            Awaitility.await()
                    .untilAsserted(() -> assertThat(shown(edge)).isEqualTo(certificate(second)));
            Files.writeString(file("tls.crt"), "broken");
            writer.complete();
            assertThat(ids(events.rest())).containsExactly("1");
            assertThat(shown(edge)).isEqualTo(certificate(second));
        }
    }

    private static X509Certificate shown(Edge edge) throws Exception {
        try (var client = client(Version.HTTP_1_1)) {
            var request = HttpRequest.newBuilder(edge.address().resolve("/healthz")).build();
            return client.send(request, BodyHandlers.discarding())
                    .sslSession()
                    .map(TlsIT::peer)
                    .orElseThrow();
        }
    }

    private static X509Certificate peer(SSLSession session) {
        try {
            return (X509Certificate) session.getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aConnectionIsKeptBetweenRequestsAndPastTheTimeOfAHandshake() throws Exception {
        first.write(file("tls.crt"), file("tls.key"));
        var edge = edge();
        try (var socket =
                        trusting.getSocketFactory()
                                .createSocket("127.0.0.1", edge.address().getPort());
                var silent =
                        new Socket(InetAddress.getLoopbackAddress(), edge.address().getPort())) {
            silent.setSoTimeout(10_000);
            ask(socket);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);

            ask(socket);
        }
    }

    private static void ask(Socket socket) throws Exception {
        socket.getOutputStream()
                .write(
                        "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        var head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertThat(head).isEqualTo("HTTP/1.1 200");
        while (socket.getInputStream().read() != '}') {
            // The rest of the answer.
        }
    }

    @Test
    void whatIsNoTlsIsNotAnswered() throws Exception {
        first.write(file("tls.crt"), file("tls.key"));
        try (var raw = new RawHttp(edge().address())) {
            raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(raw.readToEnd()).doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void aPairThatDoesNotBelongTogetherKeepsAnEdgeFromStarting() throws Exception {
        first.write(file("tls.crt"), file("tls.key"));
        Files.writeString(file("tls.key"), second.key());

        assertThatThrownBy(this::edge)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("tls.key is not the key", "tls.crt");
    }
}
