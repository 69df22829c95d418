package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ConcurrencyGateTest {
    private final ConcurrencyGate gate = new ConcurrencyGate(2);
    private final List<String> granted = new ArrayList<>();

    private ConcurrencyGate.Ticket ask(String name) {
        return gate.request(() -> granted.add(name));
    }

    @Test
    void letsTheNextInWhenOneLeavesInOrderOfAsking() {
        var a = ask("a");
        ask("b");
        ask("c");
        ask("d");
        assertThat(granted).containsExactly("a", "b");

        a.close();
        a.close();

        assertThat(granted).containsExactly("a", "b", "c");
    }

    @Test
    void forgetsWhoeverGivesUpWaiting() {
        var a = ask("a");
        ask("b");
        ask("c").close();
        ask("d");

        a.close();

        assertThat(granted).containsExactly("a", "b", "d");
    }

    @Test
    void hasItsPermitBackWhenNobodyWaits() {
        ask("a").close();
        ask("b");
        ask("c");

        assertThat(granted).containsExactly("a", "b", "c");
    }
}
