package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class SubnetTest {
    private static final String DEFAULT = "default via 192.0.2.1 dev eth0";
    private static final String LOOPBACK = "local 127.0.0.0/8 dev lo table local scope host";

    @Test
    void isTheOneThatIsWishedForIfNoRouteLeadsThere() {
        assertThat(Subnet.unused(7, List.of(DEFAULT, LOOPBACK)).host(10)).isEqualTo("10.231.7.10");
    }

    @Test
    void passesByWhatARouteLeadsToWholeOrInPart() {
        var routes =
                List.of(
                        DEFAULT,
                        "10.231.254.0/23 dev tun0",
                        "local 10.231.0.9 dev eth1 table local",
                        "10.231.1.128/25 via 192.0.2.7 dev eth0");

        assertThat(Subnet.unused(254, routes).host(1)).isEqualTo("10.231.2.1");
    }

    @Test
    void saysSoIfThereIsNone() {
        assertThatThrownBy(() -> Subnet.unused(0, List.of("10.0.0.0/8 dev tun0")))
                .hasMessageContaining("10.231.0.0/16 is used");
    }
}
