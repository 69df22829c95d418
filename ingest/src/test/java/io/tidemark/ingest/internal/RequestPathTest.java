package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;

class RequestPathTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.example/v1, https://api.example/v1/responses",
        "https://api.example/v1/, https://api.example/v1/responses",
        "https://api.example, https://api.example/responses"
    })
    void standsBelowABaseUrlThatNamesTheVersion(String base, String address) {
        assertThat(RequestPath.of("/responses").below(URI.create(base)))
                .isEqualTo(URI.create(address));
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example, https://api.example/v1beta/models/m:go?alt=sse",
        "https://api.example/, https://api.example/v1beta/models/m:go?alt=sse",
        "https://api.example/gateway, https://api.example/gateway/v1beta/models/m:go?alt=sse",
        "https://api.example/v1beta, https://api.example/v1beta/models/m:go?alt=sse",
        "https://api.example/v1beta/, https://api.example/v1beta/models/m:go?alt=sse",
        "https://api.example/v1, https://api.example/v1/models/m:go?alt=sse",
        "https://api.example/v1beta1, https://api.example/v1beta1/models/m:go?alt=sse",
        "https://api.example/v2alpha, https://api.example/v2alpha/models/m:go?alt=sse",
        "https://api.example/v1/gateway, https://api.example/v1/gateway/v1beta/models/m:go?alt=sse",
        "https://api.example/vertex, https://api.example/vertex/v1beta/models/m:go?alt=sse",
        "https://v1, https://v1/v1beta/models/m:go?alt=sse"
    })
    void addsTheVersionThatTheBaseUrlDoesNotName(String base, String address) {
        assertThat(new RequestPath("v1beta", "/models/m:go?alt=sse").below(URI.create(base)))
                .isEqualTo(URI.create(address));
    }

    @Test
    void isRefusedWithoutASlash() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestPath.of("responses"))
                .withMessage("path must begin with a slash, was responses");
    }

    @Test
    void isRefusedWithAVersionThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestPath("beta/..", "/models"))
                .withMessage("version must be like v1beta, was beta/..");
    }
}
