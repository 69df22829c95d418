package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.ItemBody.ItemStatus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Compares the output that a final event states with what was streamed, and has sent what was not.
 * The output may be empty (ChatGPT), hold items that were never streamed, leave out ones that were,
 * and call them by other ids (GitHub Copilot).
 */
final class FinalOutput {
    private final LiveResponse live;
    private final Set<ItemState> matched = new HashSet<>();

    private FinalOutput(LiveResponse live) {
        this.live = live;
    }

    /**
     * @param otherwise how an item ended whose own status does not say
     */
    static void reconcile(
            LiveResponse live, ProviderFrame frame, JsonNode output, ItemStatus otherwise) {
        var stated = new ArrayList<ObjectNode>();
        for (var item : output) {
            if (item instanceof ObjectNode object) {
                stated.add(object);
            }
        }
        var items = new FinalOutput(live).match(stated);
        for (int i = 0; i < stated.size(); i++) {
            var item = stated.get(i);
            live.reader().finish(items.get(i), item, ItemReader.status(item, otherwise), frame);
        }
    }

    /* Ids first: only what no id identifies is matched by its place and type. */
    private List<ItemState> match(List<ObjectNode> stated) {
        var known = new HashMap<Integer, ItemState>();
        for (int i = 0; i < stated.size(); i++) {
            var id = ProviderJson.word(stated.get(i), "id");
            claim(known, i, id == null ? Optional.empty() : live.items().withId(id));
        }
        for (int i = 0; i < stated.size(); i++) {
            if (!known.containsKey(i)) {
                claim(known, i, similar(i, stated.get(i)));
            }
        }
        var items = new ArrayList<ItemState>();
        for (int i = 0; i < stated.size(); i++) {
            items.add(known.computeIfAbsent(i, at -> neverStreamed(at, stated.get(at))));
        }
        return items;
    }

    private void claim(Map<Integer, ItemState> items, int at, Optional<ItemState> found) {
        found.filter(matched::add).ifPresent(item -> items.put(at, item));
    }

    private Optional<ItemState> similar(int at, ObjectNode stated) {
        var type = stated.path("type").asText();
        Predicate<ItemState> fits =
                item -> !matched.contains(item) && item.providerType().equals(type);
        return live.items()
                .at(at)
                .filter(fits)
                .or(() -> live.items().all().stream().filter(fits).findFirst());
    }

    private ItemState neverStreamed(int at, ObjectNode stated) {
        var type = stated.path("type").asText();
        var item = live.items().openAt(at, ItemType.named(type), type);
        item.learn(stated);
        live.writer().start(item);
        return item;
    }
}
