package io.tidemark.ingest.internal;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What every stream of a worker uses. All parts are thread-safe.
 *
 * @param providers configured providers, by name
 * @param apis dialects, by name
 * @param log where events go
 * @param commandsTopic where done records go
 * @param takeover reads streams back
 * @param surroundings what pumps share
 * @param workerId signs done records
 * @param retry pause between attempts while Kafka does not answer
 */
record StreamServices(
        Map<String, Provider> providers,
        Map<String, ProviderApi> apis,
        EventWriter.Log log,
        String commandsTopic,
        Takeover takeover,
        UpstreamPump.Surroundings surroundings,
        String workerId,
        Duration retry) {
    StreamServices {
        providers = Map.copyOf(providers);
        apis = Map.copyOf(apis);
    }

    /** The provider as a tag of meters: a configured one or none, never what a caller invents. */
    String providerTag(Command.Start start) {
        return providers.containsKey(start.provider()) ? start.provider() : IngestMetrics.NONE;
    }

    /** Takes a single stream over from ourselves, after its log has broken. */
    Inherited inherit(Claim claim) {
        StreamId id = claim.id();
        var inherited = takeover.inherit(id.partition(), List.of(claim)).get(id);
        if (inherited == null) {
            throw new IllegalStateException("a takeover answers for every claim");
        }
        return inherited;
    }
}
