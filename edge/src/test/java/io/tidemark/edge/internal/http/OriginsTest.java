package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class OriginsTest {
    @ParameterizedTest
    @CsvSource({
        ",edge.example,true",
        ",,true",
        "https://edge.example,edge.example,true",
        "https://edge.example,edge.example:443,true",
        "http://edge.example:80,edge.example,true",
        "http://localhost:8080,LOCALHOST:8080,true",
        "http://[::1]:8080,[::1]:8080,true",
        "http://edge.example,edge.example:8080,false",
        "https://edge.example,edge.example:80,false",
        "https://edge.example.evil,edge.example,false",
        "https://evil/edge.example,edge.example,false",
        "null,edge.example,false",
        "ftp://edge.example,edge.example,false",
        "https://edge.example,,false"
    })
    void onlyPagesFromWhereTheyAskMayRead(
            @Nullable String origin, @Nullable String host, boolean allowed) {
        assertThat(Origins.same().allow(origin, host)).isEqualTo(allowed);
    }

    @Test
    void originsThatAreNamedAreAllowedToo() {
        var named = Origins.sameOr(List.of("https://app.example.com"));

        assertThat(named.allow("https://app.example.com", "edge:8080")).isTrue();
        assertThat(named.allow("https://app.example.com.evil", "edge:8080")).isFalse();
        assertThat(named.allow("http://edge:8080", "edge:8080")).isTrue();
        assertThat(Origins.sameOr(List.of("*")).allow("https://any.where", "edge:8080")).isTrue();
    }
}
