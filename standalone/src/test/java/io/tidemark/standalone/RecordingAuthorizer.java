package io.tidemark.standalone;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kafka's own authorizer, which notes what it was asked for and has allowed. A broker that only
 * tells what is allowed asks as well, and says that such questions are not to be logged: they are
 * not noted. Thread-safe; of all brokers in the process.
 */
public final class RecordingAuthorizer extends StandardAuthorizer {
    /** Something that somebody was allowed to do. */
    record Use(String user, AclOperation operation, ResourceType type, String name) {}

    static final Set<Use> ALLOWED = ConcurrentHashMap.newKeySet();

    @Override
    public List<AuthorizationResult> authorize(
            AuthorizableRequestContext context, List<Action> actions) {
        var results = super.authorize(context, actions);
        for (int index = 0; index < actions.size(); index++) {
            var action = actions.get(index);
            if (action.logIfAllowed() && results.get(index) == AuthorizationResult.ALLOWED) {
                ALLOWED.add(
                        new Use(
                                context.principal().getName(),
                                action.operation(),
                                action.resourcePattern().resourceType(),
                                action.resourcePattern().name()));
            }
        }
        return results;
    }
}
