package io.tidemark.edge.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

class RevocationsTest {
    private static final Random RANDOM = new Random(11);
    private static final Duration LIFETIME_MAX = Duration.ofSeconds(1);

    private final Revocations revocations = new Revocations(10, LIFETIME_MAX);

    private static StreamId id() {
        return StreamId.mint(InstantSource.system(), RANDOM, 0);
    }

    @Test
    void whatWasIssuedBeforeIsRevokedAndWhatComesLaterIsNot() {
        var id = id();
        revocations.add(id, 500, 500);

        assertThat(revocations.revoked(id, 500)).isTrue();
        assertThat(revocations.revoked(id, 501)).isFalse();
        assertThat(revocations.revoked(id(), 0)).isFalse();
    }

    @Test
    void anEarlierRevocationDoesNotTakeALaterOneBack() {
        var id = id();
        revocations.add(id, 500, 500);
        revocations.add(id, 400, 500);

        assertThat(revocations.revoked(id, 450)).isTrue();
    }

    @Test
    void whatIsIssuedByWhoKnowsIsNotRevoked() {
        var id = id();
        revocations.add(id, 500, 490);

        assertThat(revocations.issueTime(id, 490)).isEqualTo(501);
        assertThat(revocations.issueTime(id, 700)).isEqualTo(700);
        assertThat(revocations.issueTime(id(), 490)).isEqualTo(490);
    }

    @Test
    void whatNoCapabilityCanOutliveMakesRoom() {
        var old = id();
        revocations.add(old, 100, 100);
        for (int i = 0; i < 10; i++) {
            revocations.add(id(), 1_200, 1_200);
        }

        assertThat(revocations.size()).isEqualTo(10);
        assertThat(revocations.revoked(id(), 100)).isFalse();
    }

    @Test
    void aFullTableRefusesWhatIsAsOldAsWhatItForgets() {
        var first = id();
        revocations.add(first, 100, 100);
        for (int i = 1; i <= 10; i++) {
            revocations.add(id(), 100 + i, 110);
        }

        assertThat(revocations.size()).isLessThanOrEqualTo(10);
        assertThat(revocations.revoked(first, 100)).isTrue();
        assertThat(revocations.revoked(id(), 100)).isTrue();
        assertThat(revocations.revoked(id(), 110)).isFalse();
        assertThat(revocations.issueTime(id(), 100)).isGreaterThan(100);
    }
}
