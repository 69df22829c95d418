package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

class ProviderSimulatorAddressIT {
    /* Other systems have only one address of their loopback. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void listensWhereItIsToldToAndNowhereElse() throws Exception {
        try (var simulator = on("127.0.0.2")) {
            assertThat(simulator.origin()).isEqualTo("http://127.0.0.2:" + simulator.port());
            assertThat(reached("127.0.0.2", simulator)).isTrue();
            assertThat(reached("127.0.0.1", simulator)).isFalse();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onAnyAddressItNamesOneThatThisMachineReaches() throws Exception {
        try (var simulator = on("0.0.0.0")) {
            assertThat(simulator.origin()).isEqualTo("http://127.0.0.1:" + simulator.port());
            assertThat(reached("127.0.0.1", simulator)).isTrue();
            assertThat(reached("127.0.0.2", simulator)).isTrue();
        }
    }

    @Test
    void refusesAnAddressThatThisMachineHasNot() {
        assertThatThrownBy(() -> on("192.0.2.1"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("simulator cannot listen on 192.0.2.1:0");
    }

    private static ProviderSimulator on(String host) {
        return ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT.withHost(host));
    }

    private static boolean reached(String host, ProviderSimulator simulator) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, simulator.port()));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
