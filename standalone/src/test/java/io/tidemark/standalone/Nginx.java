package io.tidemark.standalone;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** An nginx as it comes, but for where it listens and what it passes on to. */
final class Nginx implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(20);

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

    /** Starts one before an edge, and waits until it listens. */
    static Nginx start(Path executable, Path directory, URI edge) throws IOException {
        int port = freePort();
        var configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, configured(port, edge));
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

    private static String configured(int port, URI edge) {
        return """
        daemon off;
        pid nginx.pid;
        error_log stderr error;
        worker_processes 1;
        events {}
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:%d;
            location / { proxy_pass %s; }
          }
        }
        """
                .formatted(port, edge);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
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

    /* The worker ends with its master. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
