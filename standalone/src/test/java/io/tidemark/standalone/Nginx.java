package io.tidemark.standalone;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An nginx as it comes, but for where it listens and what it passes on to. An edge that does not
 * answer is asked again for the next request, since it may be back by then.
 */
final class Nginx implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(20);

    /** Two for each client: one from it, one to an edge. */
    private static final int CONNECTIONS_MAX = 4_096;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where it is, if this machine has one. */
    static Optional<Path> executable() {
        return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one before some edges, and waits until it listens. */
    static Nginx start(Path executable, Path directory, URI... edges) throws IOException {
        int port = FreePort.find();
        var configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, configured(port, edges));
        var process =
                new ProcessBuilder(
                                executable.toString(),
                                "-p",
                                directory.toString(),
                                "-e",
                                "stderr",
                                "-c",
                                configuration.toString())
                        .inheritIO()
                        .start();
        var nginx = new Nginx(process, port);
        try {
            await().atMost(START_MAX).until(nginx::listens);
            return nginx;
        } catch (RuntimeException e) {
            nginx.close();
            throw e;
        }
    }

    private static String configured(int port, URI... edges) {
        var servers =
                Stream.of(edges)
                        .map(edge -> "server " + edge.getAuthority() + " max_fails=0;")
                        .collect(Collectors.joining(" "));
        return """
        daemon off;
        pid nginx.pid;
        error_log stderr error;
        worker_processes 1;
        events { worker_connections %d; }
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          upstream edges { %s }
          server {
            listen 127.0.0.1:%d;
            location / { proxy_pass http://edges; }
          }
        }
        """
                .formatted(CONNECTIONS_MAX, servers, port);
    }

    private boolean listens() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /* The worker ends with its master. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
