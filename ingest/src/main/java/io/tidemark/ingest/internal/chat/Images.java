package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.DescribedItem;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.schemas.DeltaBody.ImageSnapshot;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStatus;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** The images of a choice, all in one item. Confined to one thread. */
final class Images implements Part {
    /** Most images of one choice. */
    static final int IMAGES_MAX = 1024;

    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    /* What a link leads to is not known before somebody follows it. */
    private static final String ANY_IMAGE = "image/*";

    private final Choice choice;
    private @Nullable DescribedItem item;
    private boolean inPieces;
    private int next;

    Images(Choice choice) {
        this.choice = choice;
    }

    /**
     * Sends an image: a data URL, which is unpacked, or a link.
     *
     * @return whether it is one
     */
    boolean add(JsonNode image, Wording wording) {
        var url = url(image);
        var base64 = ProviderJson.word(image, "b64_json");
        if (url == null && base64 == null) {
            return false;
        }
        inPieces |= wording == Wording.PIECE;
        if (wording == Wording.PIECE || !inPieces) {
            int index = index(image);
            send(url == null ? inline("image/png", base64, index) : snapshot(url, index));
        }
        return true;
    }

    private int index(JsonNode image) {
        var stated = ProviderJson.index(image, "index");
        int index = stated == null ? next : stated;
        ProtocolViolation.requireRoom("images in one choice", index, IMAGES_MAX);
        next = Math.max(next, index + 1);
        return index;
    }

    private void send(ImageSnapshot image) {
        choice.chat().out().add(started().placement(), image);
        choice.touch(this);
    }

    private DescribedItem started() {
        if (item == null) {
            item =
                    choice.start(
                            null,
                            new Item(Item.IMAGE, null, "assistant", null, null, null, null, null));
            choice.add(this);
        }
        return item;
    }

    private static @Nullable String url(JsonNode image) {
        var nested = image.path("image_url");
        for (var url : new JsonNode[] {nested.path("url"), nested, image.path("url"), image}) {
            if (url.isTextual() && !url.textValue().isEmpty()) {
                return url.textValue();
            }
        }
        return null;
    }

    private static ImageSnapshot snapshot(String url, int index) {
        int data = url.indexOf(BASE64);
        if (!url.startsWith(DATA) || data < 0) {
            return new ImageSnapshot(ANY_IMAGE, null, url, index, false);
        }
        var type = url.substring(DATA.length(), data);
        int parameters = type.indexOf(';');
        var plain = parameters < 0 ? type : type.substring(0, parameters);
        return inline(
                plain.isEmpty() ? ANY_IMAGE : plain.toLowerCase(Locale.ROOT),
                url.substring(data + BASE64.length()),
                index);
    }

    private static ImageSnapshot inline(String type, @Nullable String base64, int index) {
        return new ImageSnapshot(type, base64, null, index, false);
    }

    @Override
    public void close(ItemStatus status) {
        choice.chat().writer().complete(started(), status, null, null);
    }
}
