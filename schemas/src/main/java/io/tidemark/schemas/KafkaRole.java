package io.tidemark.schemas;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who uses Kafka in an installation, and the least that each of them has to be allowed: the one
 * list of it, which {@code tidemark acls} prints and applies, roles check themselves against when
 * they start, and {@code docs/kafka.md} shows. Topics are there already, made by {@link #TOPICS};
 * only the projector makes some of its own.
 */
public enum KafkaRole {
    /** Makes the topics, adds partitions, and sets settings. */
    TOPICS {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            rights.topics(topics.prefix() + ".", CREATE, ALTER, ALTER_CONFIGS);
            rights.topics(topics.projector() + "-", ALTER);
            rights.topic(topics.generations(), READ);
        }
    },
    /** Workers. */
    INGEST {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            rights.topic(topics.commands(), READ, WRITE, DESCRIBE_CONFIGS);
            rights.topic(topics.events(), READ, WRITE, DESCRIBE_CONFIGS);
            rights.topic(topics.deadLetters(), READ, WRITE, DESCRIBE_CONFIGS);
            if (parts.contains(Part.ENCRYPTION)) {
                rights.topic(topics.keys(), READ, DESCRIBE_CONFIGS);
            }
            rights.group(topics.workers(), PatternType.LITERAL, READ);
        }
    },
    /** Projectors. */
    PROJECTOR {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            rights.topic(topics.events(), READ, DESCRIBE_CONFIGS);
            rights.topic(topics.generations(), READ, DESCRIBE_CONFIGS);
            rights.topic(topics.erasures(), READ, DESCRIBE_CONFIGS);
            var first = topics.withGeneration(0);
            rights.topics(first.responses().name(), READ, WRITE, DESCRIBE_CONFIGS);
            rights.topics(first.usage().name(), READ, WRITE, DESCRIBE_CONFIGS);
            rights.topics(first.rollups().name(), WRITE, DESCRIBE_CONFIGS);
            rights.topics(topics.projector() + "-", CREATE, READ, WRITE, DELETE, DESCRIBE_CONFIGS);
            if (parts.contains(Part.ENCRYPTION)) {
                rights.topic(topics.keys(), READ, WRITE, DESCRIBE_CONFIGS);
            }
            rights.group(topics.projector(), PatternType.PREFIXED, READ);
            rights.transactions(topics.projector() + "-", WRITE);
        }
    },
    /** Edges. */
    EDGE {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            rights.topic(topics.commands(), READ, WRITE, DESCRIBE_CONFIGS);
            rights.topic(topics.events(), READ, DESCRIBE_CONFIGS);
            rights.topic(topics.startKeys(), READ, WRITE, DESCRIBE_CONFIGS);
            rights.topic(topics.erasures(), READ, WRITE, DESCRIBE_CONFIGS);
            if (parts.contains(Part.AUTHENTICATION)) {
                rights.topic(topics.revocations(), READ, WRITE, DESCRIBE_CONFIGS);
            }
            if (parts.contains(Part.ENCRYPTION)) {
                rights.topic(topics.keys(), READ, WRITE, DESCRIBE_CONFIGS);
            }
        }
    },
    /** {@code tidemark verify}. */
    VERIFY {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            rights.topic(topics.commands(), READ);
            rights.topic(topics.events(), READ);
            rights.topic(topics.erasures(), READ);
            readResults(topics, parts, rights);
            rights.group(topics.projector(), PatternType.PREFIXED, DESCRIBE);
        }
    },
    /** {@code tidemark replay}. */
    REPLAY {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            rights.topic(topics.events(), READ);
            rights.topic(topics.erasures(), READ);
            readResults(topics, parts, rights);
            rights.group(topics.projector(), PatternType.PREFIXED, DESCRIBE);
        }
    },
    /** {@code tidemark export}, of any topic that it exports. */
    EXPORT {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            rights.topic(topics.events(), READ);
            readResults(topics, parts, rights);
            rights.topics(topics.withGeneration(0).rollups().name(), READ);
        }
    },
    /** {@code tidemark projector --rebuild}. */
    REBUILD {
        @Override
        void list(Topics topics, Set<Part> parts, Rights rights) {
            PROJECTOR.list(topics, parts, rights);
            var first = topics.withGeneration(0);
            rights.topic(topics.generations(), WRITE);
            rights.topics(first.responses().name(), CREATE, DELETE);
            rights.topics(first.usage().name(), CREATE, DELETE);
            rights.topics(first.rollups().name(), CREATE, READ, DELETE);
            rights.group(topics.projector(), PatternType.PREFIXED, DELETE);
        }
    };

    /** What an installation may have, and its roles then need rights for. */
    public enum Part {
        /** Streams are encrypted, or were: there are master keys. */
        ENCRYPTION,
        /** Edges know who asks, and can revoke links. */
        AUTHENTICATION
    }

    abstract void list(Topics topics, Set<Part> parts, Rights rights);

    private static void readResults(Topics topics, Set<Part> parts, Rights rights) {
        var first = topics.withGeneration(0);
        rights.topic(topics.generations(), READ);
        rights.topics(first.responses().name(), READ);
        rights.topics(first.usage().name(), READ);
        if (parts.contains(Part.ENCRYPTION)) {
            rights.topic(topics.keys(), READ);
        }
    }

    /**
     * The least that the role has to be allowed, in a fixed order.
     *
     * @param topics of the installation, whatever their generation
     * @param parts what the installation has
     */
    public List<Right> rights(Topics topics, Set<Part> parts) {
        var rights = new Rights();
        list(topics, parts, rights);
        return List.copyOf(rights.all);
    }

    /** What it is called on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a word, if there is one. */
    public static Optional<KafkaRole> of(String word) {
        return Stream.of(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    /** The list as it is made. */
    static final class Rights {
        private final List<Right> all = new ArrayList<>();

        void topic(Topic topic, AclOperation... operations) {
            add(ResourceType.TOPIC, topic.name(), PatternType.LITERAL, operations);
        }

        void topics(String prefix, AclOperation... operations) {
            add(ResourceType.TOPIC, prefix, PatternType.PREFIXED, operations);
        }

        void group(String name, PatternType pattern, AclOperation... operations) {
            add(ResourceType.GROUP, name, pattern, operations);
        }

        void transactions(String prefix, AclOperation... operations) {
            add(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, operations);
        }

        private void add(
                ResourceType type, String name, PatternType pattern, AclOperation... operations) {
            for (var operation : operations) {
                all.add(new Right(type, name, pattern, operation));
            }
        }
    }
}
