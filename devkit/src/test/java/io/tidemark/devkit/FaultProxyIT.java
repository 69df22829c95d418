package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatorClient.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.devkit.FaultProxy.Cut;
import io.tidemark.devkit.SimulatedRequest.Ending;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

class FaultProxyIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
    private final FaultProxy proxy = FaultProxy.start("127.0.0.1", simulator.port());

    @BeforeAll
    static void leaveExceptionHandlersAlone() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterEach
    void stop() {
        proxy.close();
        simulator.close();
    }

    @Test
    void forwardsBothWaysAndPassesTheEndOn() throws Exception {
        try (var raw = new RawClient(proxy.port())) {
            raw.post(streaming("sim-answer"), "connection: close");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(raw.readChunks()).hasSizeGreaterThan(50);
            assertThat(raw.in().read()).isEqualTo(-1);
        }
        assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.COMPLETED);
        assertThat(proxy.acceptedConnections()).isEqualTo(1);
        Awaitility.await().atMost(SOON).until(() -> proxy.liveConnections() == 0);
    }

    @Test
    void cutAllResetsBothEnds() throws Exception {
        try (var raw = streamingThroughProxy()) {
            assertThat(proxy.cutAll(Cut.RESET)).isEqualTo(1);

            assertThatIOException().isThrownBy(() -> readToEnd(raw)).withMessageContaining("reset");
            assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.CLIENT_CLOSED);
        }
    }

    @Test
    void cutAllCanCloseInsteadAndSparesTheNext() throws Exception {
        try (var raw = streamingThroughProxy()) {
            assertThat(proxy.cutAll(Cut.CLOSE)).isEqualTo(1);

            readToEnd(raw);
            assertThat(simulator.awaitClosed(1, SOON).ending()).isEqualTo(Ending.CLIENT_CLOSED);
        }
        try (var next = streamingThroughProxy()) {
            assertThat(next.in().read()).isPositive();
        }
    }

    @Test
    void cutsTheNextConnectionsAfterExactlySoManyBytes() throws Exception {
        proxy.cutNextAfter(Cut.CLOSE, 777, 2);
        for (var round = 0; round < 2; round++) {
            try (var raw = new RawClient(proxy.port())) {
                raw.post(streaming("sim-answer"));
                assertThat(readToEnd(raw)).isEqualTo(777);
            }
        }
        try (var raw = new RawClient(proxy.port())) {
            raw.post(streaming("sim-answer"), "connection: close");
            assertThat(readToEnd(raw)).isGreaterThan(777);
        }
    }

    @Test
    void plannedCutsCanBeTakenBack() throws Exception {
        proxy.cutNextAfter(Cut.RESET, 0, 5);
        proxy.cutNoMore();

        try (var raw = streamingThroughProxy()) {
            assertThat(raw.in().read()).isPositive();
        }
        assertThatThrownBy(() -> proxy.cutNextAfter(Cut.RESET, -1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNewConnectionsOnlyWhileToldTo() throws Exception {
        try (var old = streamingThroughProxy()) {
            proxy.refuse(true);
            assertThatIOException()
                    .isThrownBy(() -> {
                        try (var raw = new RawClient(proxy.port())) {
                            raw.post(streaming("sim-answer"));
                            raw.readHead();
                        }
                    });
            assertThat(old.in().read()).isPositive();

            proxy.refuse(false);
            streamingThroughProxy().close();
        }
    }

    @Test
    void stallHoldsBytesBackAndLosesNone() throws Exception {
        proxy.stall(true);
        try (var raw = new RawClient(proxy.port())) {
            raw.post(streaming("sim-answer"), "connection: close");
            raw.readAtMostMs(50);
            assertThatThrownBy(() -> raw.in().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.stall(false);

            raw.readAtMostMs(10_000);
            assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(raw.readChunks()).hasSizeGreaterThan(50);
        }
    }

    @Test
    void stalledConnectionsCanBeCut() throws Exception {
        try (var raw = streamingThroughProxy()) {
            proxy.stall(true);
            assertThat(proxy.cutAll(Cut.CLOSE)).isEqualTo(1);

            readToEnd(raw);
            Awaitility.await().atMost(SOON).until(() -> proxy.liveConnections() == 0);
        }
    }

    @Test
    void resetsWhatComesBeyondItsLimitOrFindsNoServer() throws Exception {
        try (var small = FaultProxy.start(0, "127.0.0.1", simulator.port(), 1);
                var first = new RawClient(small.port());
                var second = new RawClient(small.port())) {
            first.post(streaming("sim-answer"));
            assertThat(first.readHead()).startsWith("HTTP/1.1 200 ");
            assertThatIOException().isThrownBy(() -> readToEnd(second));
        }
        simulator.close();
        try (var raw = new RawClient(proxy.port())) {
            assertThatIOException().isThrownBy(() -> readToEnd(raw));
        }
    }

    private RawClient streamingThroughProxy() throws Exception {
        var raw = new RawClient(proxy.port());
        raw.post(streaming("sim-long", "sim_token_ms", "5"));
        raw.readHead();
        return raw;
    }

    private static long readToEnd(RawClient raw) throws IOException {
        var count = 0L;
        while (raw.in().read() >= 0) {
            count++;
        }
        return count;
    }
}
