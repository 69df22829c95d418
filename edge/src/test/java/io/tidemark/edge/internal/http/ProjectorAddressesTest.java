package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class ProjectorAddressesTest {
    private static final URI A = URI.create("http://a");
    private static final URI B = URI.create("http://b");
    private static final URI C = URI.create("http://c");

    private final AtomicLong now = new AtomicLong();
    private final ProjectorAddresses addresses = new ProjectorAddresses(List.of(A, B, C), now::get);

    @Test
    void eachIsFirstInTurn() {
        assertThat(addresses.inOrder()).containsExactly(A, B, C);
        assertThat(addresses.inOrder()).containsExactly(B, C, A);
        assertThat(addresses.inOrder()).containsExactly(C, A, B);
        assertThat(addresses.inOrder()).containsExactly(A, B, C);
    }

    @Test
    void oneThatFailedIsLastForAWhile() {
        addresses.failed(A);

        assertThat(addresses.inOrder()).containsExactly(B, C, A);
        assertThat(addresses.inOrder()).containsExactly(B, C, A);

        now.addAndGet(ProjectorAddresses.AVOIDED.toNanos());
        assertThat(addresses.inOrder().getFirst()).isEqualTo(C);
        assertThat(addresses.inOrder().getFirst()).isEqualTo(A);
    }

    @Test
    void oneThatAnswersAgainIsInTurnAgain() {
        addresses.failed(A);
        addresses.answered(A);

        assertThat(addresses.inOrder()).containsExactly(A, B, C);
    }

    @Test
    void ofThoseThatFailedEachIsStillAsked() {
        addresses.failed(A);
        addresses.failed(B);
        addresses.failed(C);

        assertThat(addresses.inOrder()).containsExactlyInAnyOrder(A, B, C);
    }
}
