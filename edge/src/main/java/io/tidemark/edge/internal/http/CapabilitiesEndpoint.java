package io.tidemark.edge.internal.http;

import static java.util.Objects.requireNonNull;

import io.tidemark.edge.internal.access.Capabilities;
import io.tidemark.edge.internal.access.Capabilities.Issued;
import io.tidemark.edge.internal.access.Scope;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.schemas.StreamId;
import io.undertow.util.Methods;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code POST} and {@code DELETE /v1/streams/{id}/capabilities}: issues a capability for a stream
 * of the caller, or revokes all that were issued for it before. Thread-safe.
 */
final class CapabilitiesEndpoint implements Endpoint {
    private final Capabilities capabilities;
    private final Body body;
    private final Readers readers;
    private final Absence absence;
    private final CommandWriter writer;
    private final String revocations;
    private final boolean trustForwarded;

    /**
     * An endpoint.
     *
     * @param revocations name of the topic that edges read revocations from
     */
    CapabilitiesEndpoint(
            Capabilities capabilities,
            Body body,
            Readers readers,
            Absence absence,
            CommandWriter writer,
            String revocations,
            boolean trustForwarded) {
        this.capabilities = capabilities;
        this.body = body;
        this.readers = readers;
        this.absence = absence;
        this.writer = writer;
        this.revocations = revocations;
        this.trustForwarded = trustForwarded;
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        if (call.exchange().getRequestMethod().equals(Methods.DELETE)) {
            call.later(() -> ifThere(call, id, () -> call.blockingNow(() -> revoke(call, id))));
        } else {
            body.receive(
                    call,
                    bytes -> {
                        var wanted = CapabilityRequest.parse(bytes, capabilities.lifetimeMax());
                        call.onLoop(() -> ifThere(call, id, () -> issue(call, id, wanted)));
                    });
        }
    }

    /* What is not the caller's is answered as by every other resource of a stream. */
    private void ifThere(Call call, StreamId id, Runnable then) {
        var observer =
                new Observer(
                        false,
                        finding -> {
                            switch (finding) {
                                case Observer.Finding.Open _,
                                        Observer.Finding.Accepted _,
                                        Observer.Finding.Ended _ ->
                                        then.run();
                                case Observer.Finding.Unknown _ ->
                                        absence.explain(call, id, _ -> then.run());
                                case Observer.Finding.Erased _ -> call.answer(Problem.erased());
                                case Observer.Finding.Unavailable _ ->
                                        call.answer(
                                                Problem.unavailable(
                                                        "log_unavailable",
                                                        "the log cannot be read"));
                            }
                        });
        observer.start(readers, call, id);
    }

    private void issue(Call call, StreamId id, CapabilityRequest wanted) {
        var tenant = requireNonNull(call.caller().tenant(), "tenant");
        var issued = capabilities.issue(id, tenant, wanted.scope(), wanted.lifetime());
        call.answer(Reply.json(201, answer(call, id, wanted.scope(), issued)));
    }

    private Map<String, Object> answer(Call call, StreamId id, Scope scope, Issued issued) {
        var links = Links.of(call, id, trustForwarded);
        var query = LinkTokens.query(issued.token());
        var answer = new LinkedHashMap<String, Object>();
        answer.put("requestId", id.toString());
        answer.put("scope", scope.wire());
        answer.put("expiresAt", issued.expiresAtMs());
        answer.put("token", issued.token());
        switch (scope) {
            case READ -> {
                answer.put("eventsUrl", links.events() + query);
                answer.put("responseUrl", links.response() + query);
            }
            case CANCEL -> answer.put("cancelUrl", links.cancel() + query);
        }
        return answer;
    }

    private void revoke(Call call, StreamId id) {
        var revocation = capabilities.revocation(id);
        var outcome = writer.write(revocation.record(revocations));
        /* Whatever became of it: this edge can heed it at once. */
        capabilities.heed(revocation);
        call.onLoop(() -> {
            switch (outcome) {
                case ACKNOWLEDGED -> call.answer(Reply.noContent());
                case NOT_SENT, TOO_LARGE -> call.answer(Problem.notSent());
                case UNCERTAIN ->
                        call.answer(
                                Problem.unavailable(
                                        "log_unavailable", "the log did not acknowledge in time"));
            }
        });
    }
}
