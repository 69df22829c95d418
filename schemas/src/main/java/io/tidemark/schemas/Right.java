package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.util.Set;

/**
 * Something that a role does with a resource of Kafka, and that an ACL has to allow it where Kafka
 * asks for ACLs. Immutable.
 *
 * @param type a topic, a group or a transactional id
 * @param name of the resource, or what its names begin with
 * @param pattern whether the name is all of it ({@link PatternType#LITERAL}) or its beginning
 *     ({@link PatternType#PREFIXED})
 * @param operation what is done with it; by Kafka's rules {@code READ}, {@code WRITE}, {@code
 *     DELETE} and {@code ALTER} allow {@code DESCRIBE} as well, and {@code ALTER_CONFIGS} allows
 *     {@code DESCRIBE_CONFIGS}
 */
public record Right(ResourceType type, String name, PatternType pattern, AclOperation operation) {
    private static final Set<AclOperation> DESCRIBING =
            Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE, AclOperation.ALTER);

    /** Checks that all are there, and that Kafka knows them. */
    public Right {
        requireNonNull(name, "name");
        if (type.isUnknown() || pattern.isUnknown() || operation.isUnknown()) {
            throw new IllegalArgumentException("type, pattern and operation must be known");
        }
    }

    /** The ACL that allows it, from any host. */
    public AclBinding binding(String principal) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    /** Whether the ACL allows that operation on a resource of that name. */
    public boolean allows(ResourceType onType, String onName, AclOperation asked) {
        boolean named =
                pattern == PatternType.PREFIXED ? onName.startsWith(name) : onName.equals(name);
        return type == onType && named && (asked == operation || implied(asked));
    }

    private boolean implied(AclOperation asked) {
        return switch (asked) {
            case DESCRIBE -> DESCRIBING.contains(operation);
            case DESCRIBE_CONFIGS -> operation == AclOperation.ALTER_CONFIGS;
            default -> false; // each other operation has to be allowed itself
        };
    }

    /** Such as {@code READ on topic tidemark.events}. */
    @Override
    public String toString() {
        return "%s on %s %s%s"
                .formatted(operation, kind(), name, pattern == PatternType.PREFIXED ? "*" : "");
    }

    private String kind() {
        return switch (type) {
            case TOPIC -> "topic";
            case GROUP -> "group";
            case TRANSACTIONAL_ID -> "transactional id";
            default -> type.toString();
        };
    }
}
