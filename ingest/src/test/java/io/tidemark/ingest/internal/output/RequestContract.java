package io.tidemark.ingest.internal.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.ProviderJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.Stream;

/**
 * How every API makes a native request ready: it adds what streaming needs and leaves the rest, and
 * refuses what no provider would take, naming the field. Requests are written with single quotes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RequestContract {
    protected static final String NON_EMPTY_ARRAY = "must be a non-empty array";

    private final ProviderApi api;
    private final String name;
    private final KeyHeader keyHeader;

    protected RequestContract(ProviderApi api, String name, KeyHeader keyHeader) {
        this.api = api;
        this.name = name;
        this.keyHeader = keyHeader;
    }

    /** A request, and what is sent for it. */
    public record Sent(String request, Prepared prepared) {
        @Override
        public String toString() {
            return request;
        }
    }

    /** A request, and why it is not sent. */
    public record Unsent(String request, Refused refused) {
        public Unsent(String request, String field, String message) {
            this(request, new Refused(field, message));
        }

        @Override
        public String toString() {
            return request + " | " + refused.field();
        }
    }

    /** Requests that are sent; the first has no more than it must have. */
    protected abstract Stream<Sent> sent();

    /** Requests that break a rule of this API's own. */
    protected abstract Stream<Unsent> unsent();

    protected static ObjectNode json(String singleQuoted) {
        return ProviderJson.object(singleQuoted.replace('\'', '"')).orElseThrow();
    }

    protected final Preparation prepare(JsonNode request) {
        return api.prepare(request);
    }

    protected final Prepared prepared(JsonNode request) {
        return (Prepared) prepare(request);
    }

    @ParameterizedTest
    @MethodSource("sent")
    void addsWhatStreamingNeedsAndLeavesTheRest(Sent row) {
        var request = json(row.request());
        var original = request.deepCopy();

        assertThat(api.prepare(request)).isEqualTo(row.prepared());
        assertThat(request).isEqualTo(original);
    }

    @ParameterizedTest
    @MethodSource("unsent")
    void refusesWhatNoProviderWouldTakeNamingTheField(Unsent row) {
        assertThat(api.prepare(json(row.request()))).isEqualTo(row.refused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "7", "null"})
    void refusesWhatIsNoObject(String request) {
        assertThat(api.prepare(ProviderJson.value(request).orElseThrow()))
                .isEqualTo(new Refused("request", "must be a JSON object"));
    }

    @Test
    void refusesAMissingBody() {
        assertThat(api.prepare(null)).isEqualTo(new Refused("request", "must be a JSON object"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\" \"", "7", "null", "[\"m\"]"})
    void refusesAModelThatIsNoName(String model) {
        var request = smallest();
        request.set("model", ProviderJson.value(model).orElseThrow());

        assertThat(api.prepare(request)).isEqualTo(noModel());
    }

    @Test
    void refusesARequestWithoutAModel() {
        assertThat(api.prepare(smallest().without("model"))).isEqualTo(noModel());
    }

    @Test
    void complainsOfTheModelFirst() {
        assertThat(api.prepare(ProviderJson.newObject())).isEqualTo(noModel());
    }

    @Test
    void isKnownByItsNameAndSendsTheKeyAsItsProvidersWantIt() {
        assertThat(api.name()).isEqualTo(name);
        assertThat(api.keyHeader()).isEqualTo(keyHeader);
    }

    private ObjectNode smallest() {
        return json(sent().findFirst().orElseThrow().request());
    }

    private static Refused noModel() {
        return new Refused("request.model", "must be a non-empty string");
    }
}
